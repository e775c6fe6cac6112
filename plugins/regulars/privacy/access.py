"""What a role may read: tables of the published version, call lists with names and numbers, and
the lines of files that wait in quarantine, word for word.

The policy is ``rpt_access_policy`` of the version itself (``ref_access_policy`` of the chain): a
table that is not granted to the role on the day is not there. A reader's connection holds copies of
the granted columns and rows and nothing else, and can reach neither file nor network. Whoever asks
is named, must hold the role and have an agreement that is valid on the day; what was given or
denied is in the access log before it is handed out.
"""

import csv
import io
import json
import os
import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from regulars.errors import RegularsError
from regulars.feeds.quarantine import waiting
from regulars.feeds.sql import identifier, literal
from regulars.privacy.access_log import append
from regulars.privacy.classes import REF
from regulars.privacy.keys import load_keys
from regulars.privacy.vault import Vault
from regulars.settings import Settings
from regulars.warehouse.connection import connect
from regulars.warehouse.publish import DATABASE, current

CALL_LIST = "rpt_call_list"
# Columns of a call list that no mart has: granted by name only, `*` does not mean them.
CLEAR = ("name", "phone")
QUARANTINE = "audit_quarantine"
# The column of it that no mart has: granted by name only, too.
RAW_TEXT = "raw_text"
SUFFIX = ".calls"
PASSPHRASE = "REGULARS_CALL_LIST_PASSPHRASE"  # noqa: S105
MIN_PASSPHRASE = 12
_MAGIC = b"RGCL\x01"
_SALT, _NONCE = 16, 12
# By what a table without the column of a row filter is kept to it.
_LOOKUPS = {"store_id": "dim_store", "customer_id": "dim_customer"}
# A spreadsheet takes such a cell for a formula.
_FORMULA = re.compile(r"[=@\t\r]|[+-](?![0-9 ()-]*$)")


@dataclass(frozen=True)
class Grant:
    """One table that a role may read."""

    table: str
    columns: str
    row_filter: str | None


class Reader:
    """The published version as one person sees it in one role.

    Raises:
        RegularsError: nothing is published, or the person does not hold the role or has no
            agreement; the refusal is in the access log.
    """

    def __init__(self, settings: Settings, role: str, person: str):
        self.settings = settings
        self.role = role
        self.person = person
        self.today = settings.today()
        self.path = current() / DATABASE
        with self._published() as published:
            reason = _refusal(published, role, person, self.today)
            self.grants = {} if reason else _grants(published, role, self.today)
        if reason or not self.grants:
            self._deny(None, reason or f"ref_access_policy grants role {role} nothing")

    def open(self, tables: Collection[str] | None = None) -> duckdb.DuckDBPyConnection:
        """A connection of its own with the granted columns and rows, locked.

        Args:
            tables: which to load; None is all that are granted.

        Raises:
            RegularsError: one of ``tables`` is not granted.
        """
        wanted = self.grants if tables is None else tables
        for table in wanted:
            if table not in self.grants:
                self._deny(table, f"role {self.role} may not read {table} (ref_access_policy)")
        connection = duckdb.connect(
            config={
                "threads": self.settings.threads,
                "memory_limit": self.settings.memory_limit,
                # Nothing of it is left on the disk.
                "temp_directory": "",
                "autoinstall_known_extensions": False,
                "allow_community_extensions": False,
            }
        )
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"attach {literal(str(self.path))} as published (read_only)")
        for table in wanted:
            query = _granted_rows(connection, self.grants[table])
            connection.execute(f"create table {identifier(table)} as {query}")
            (rows,) = connection.execute(f"select count(*) from {identifier(table)}").fetchone()
            self._note("read", table, rows)
        connection.execute("detach published")
        connection.execute("set enable_external_access = false")
        connection.execute("set lock_configuration = true")
        return connection

    def query(self, sql: str) -> tuple[list[str], list[tuple]]:
        """Names and rows of what a query finds; only the tables that it names are loaded.

        Raises:
            RegularsError: it names a table that is not granted, or is no query.
        """
        named = [table for table in self.grants if re.search(rf"\b{table}\b", sql, re.IGNORECASE)]
        with self.open(named) as connection:
            try:
                found = connection.execute(sql)
                return [column[0] for column in found.description or []], found.fetchall()
            except duckdb.CatalogException as error:
                missing = re.search(r"Table with name (\w+) does not exist", str(error))
                table = missing.group(1) if missing else None
                reason = f"role {self.role} may not read {table or 'this'} (ref_access_policy)"
                self._deny(table, reason)
            except duckdb.Error as error:
                raise RegularsError(f"the query cannot be answered: {error}") from None

    def call_list(self, passphrase: str) -> Path:
        """Write the call list of the role, with names and numbers, encrypted.

        On it stands who is on ``rpt_call_list`` (so with consent to be called), within the rows of
        the role, and whose number the vault still holds.

        Raises:
            RegularsError: the role is not granted names and numbers by name, or the passphrase is
                too short.
        """
        grant = self.grants.get(CALL_LIST)
        named = grant.columns.split(";") if grant else []
        if not set(CLEAR) <= set(named):
            reason = f"role {self.role} is not granted {' and '.join(CLEAR)} of {CALL_LIST}"
            self._deny(CALL_LIST, reason)
        if len(passphrase) < MIN_PASSPHRASE:
            raise RegularsError(f"{PASSPHRASE} must have {MIN_PASSPHRASE} characters or more")
        with self._published() as published:
            columns = [name for name in _columns(published, CALL_LIST) if name in named]
            rows = published.execute(
                f"select {_list(['customer_id', *columns])}"
                f" from ({_granted_rows(published, grant, '*')}) order by urgency, customer_id"
            ).fetchall()
        contacts = self._contacts([row[0] for row in rows])
        text = io.StringIO()
        lines = csv.writer(text)
        lines.writerow([*CLEAR, *columns])
        called = [row for row in rows if contacts.get(row[0], {}).get("phone")]
        for customer, *values in called:
            held = [contacts[customer].get(name) for name in CLEAR]
            lines.writerow([_cell(value) for value in [*held, *values]])
        path = self.settings.call_lists / f"{self.today}-{secrets.token_hex(4)}{SUFFIX}"
        self._note("call_list", CALL_LIST, len(called))
        _write(path, _encrypted(text.getvalue().encode("utf-8-sig"), passphrase))
        return path

    def quarantined(self, feed: str | None = None) -> tuple[list[str], list[tuple]]:
        """Names and rows of what waits in quarantine, of one feed or of all, as it was delivered.

        The text of a line comes from the vault; it is None where that was erased.

        Raises:
            RegularsError: the role is not granted the text by name, or only some of the rows, which
                lines that could not be read cannot be kept to.
        """
        grant = self.grants.get(QUARANTINE)
        if grant is None or RAW_TEXT not in grant.columns.split(";"):
            self._deny(QUARANTINE, f"role {self.role} is not granted {RAW_TEXT} of {QUARANTINE}")
        if grant.row_filter is not None:
            reason = f"lines in quarantine cannot be kept to {grant.row_filter}"
            self._deny(QUARANTINE, reason)
        rows = waiting(self.settings.lake, feed)
        refs = sorted({row[REF] for row in rows} - {None})
        held = Vault(self.settings, load_keys(self.settings)).read_refs(refs).to_pylist()
        texts = {row["ref"]: json.loads(row["content"])[RAW_TEXT] for row in held}
        names = ["file_path", "physical_line", "column_name", "rule", "reason", RAW_TEXT]
        found = [
            (
                *(row[name] for name in names[:-1]),
                texts.get(row[REF]) if row[REF] else row[RAW_TEXT],
            )
            for row in rows
        ]
        self._note("read", QUARANTINE, len(found))
        return names, [tuple(_cell(value) for value in row) for row in found]

    def _contacts(self, customers: list[str]) -> dict[str, dict[str, str]]:
        """What members told us last, by customer id; a member who is gone is left out."""
        with connect(self.settings, read_only=True) as warehouse:
            refs = dict(
                warehouse.execute(
                    "select vault_ref, customer_id from staging.stg_reference__customers"
                    " where vault_ref is not null and customer_id in (select unnest(?))",
                    [customers],
                ).fetchall()
            )
        held = Vault(self.settings, load_keys(self.settings)).read_refs(sorted(refs))
        return {refs[row["ref"]]: json.loads(row["content"]) for row in held.to_pylist()}

    def _published(self) -> duckdb.DuckDBPyConnection:
        connection = duckdb.connect()
        connection.execute(f"attach {literal(str(self.path))} as published (read_only)")
        return connection

    def _note(self, action: str, table: str | None, rows: int) -> None:
        granted = self.grants.get(table) if hasattr(self, "grants") else None
        append(
            self.settings,
            action,
            person_id=self.person,
            role=self.role,
            object=table,
            row_filter=granted.row_filter if granted else None,
            rows_given=rows,
            version=self.path.parent.name,
        )

    def _deny(self, table: str | None, reason: str) -> None:
        self._note("denied", table, 0)
        raise RegularsError(f"{reason}; the refusal is in the access log")


def decrypt(path: Path, passphrase: str) -> str:
    """The text of a call list.

    Raises:
        RegularsError: another passphrase, or the file is damaged or none of ours.
    """
    content = path.read_bytes()
    salt, rest = content[len(_MAGIC) :][:_SALT], content[len(_MAGIC) + _SALT :]
    if not content.startswith(_MAGIC) or len(rest) <= _NONCE:
        raise RegularsError(f"{path} is no call list of Regulars")
    try:
        clear = AESGCM(_key(passphrase, salt)).decrypt(rest[:_NONCE], rest[_NONCE:], _MAGIC + salt)
    except InvalidTag:
        raise RegularsError(f"{path} was written with another passphrase or is damaged") from None
    return clear.decode("utf-8-sig")


def given_passphrase() -> str:
    """The passphrase of call lists, from the environment or the file that it names.

    Raises:
        RegularsError: there is none.
    """
    if path := os.environ.get(f"{PASSPHRASE}_FILE"):
        try:
            return Path(path).read_text("utf-8").strip()
        except OSError as error:
            raise RegularsError(f"{PASSPHRASE}_FILE cannot be read: {error.strerror}") from None
    if not (given := os.environ.get(PASSPHRASE, "")):
        raise RegularsError(f"set {PASSPHRASE}, or {PASSPHRASE}_FILE to a file that holds it")
    return given


def _refusal(
    published: duckdb.DuckDBPyConnection, role: str, person: str, today: date
) -> str | None:
    """Why a person may not act in a role today; None if it may.

    Staff hold the role of ``ref_staff`` and an agreement on confidentiality; a partner acts in the
    role that bears its own id, under an agreement on data sharing.
    """
    (is_staff,) = published.execute(
        "select count(*) > 0 from published.rpt_data_access where staff_id = ? and role_name = ?",
        [person, role],
    ).fetchone()
    kind = "confidentiality" if is_staff else "data_sharing"
    if not is_staff and person != role:
        return f"{person} does not hold role {role}"
    (is_signed,) = published.execute(
        "select count(*) > 0 from published.rpt_agreements where party_id = ? and kind = ?"
        " and party_kind = ? and valid_from_date <= ? and coalesce(valid_to_date >= ?, true)",
        [person, kind, "staff" if is_staff else "partner", today, today],
    ).fetchone()
    return None if is_signed else f"{person} has no agreement on {kind} that is valid on {today}"


def _grants(published: duckdb.DuckDBPyConnection, role: str, today: date) -> dict[str, Grant]:
    found = published.execute(
        "select object_name, allowed_columns, row_filter from published.rpt_access_policy"
        " where role_name = ? and status <> 'no such table' and coalesce(from_date <= ?, true)"
        " and coalesce(to_date >= ?, true) order by object_name",
        [role, today, today],
    ).fetchall()
    return {row[0]: Grant(*row) for row in found}


def _granted_rows(
    connection: duckdb.DuckDBPyConnection, grant: Grant, columns: str | None = None
) -> str:
    """A query of the columns and rows of a grant over the attached version."""
    has = _columns(connection, grant.table)
    if columns is None:
        named = has if grant.columns == "*" else grant.columns.split(";")
        columns = _list([name for name in has if name in named])
        if not columns:
            raise RegularsError(f"none of the columns granted of {grant.table} is there any more")
    query = f"select {columns} from published.{identifier(grant.table)}"
    if grant.row_filter is None:
        return query
    column, value = grant.row_filter.split("=", 1)
    if column in has:
        return f"{query} where cast({identifier(column)} as varchar) = {literal(value)}"
    for key, lookup in _LOOKUPS.items():
        if key in has and column in _columns(connection, lookup):
            return (
                f"{query} where {key} in (select {key} from published.{lookup}"
                f" where cast({identifier(column)} as varchar) = {literal(value)})"
            )
    # Never unfiltered: the grant says that there is a limit.
    raise RegularsError(f"{grant.table} cannot be kept to {grant.row_filter}: it has no {column}")


def _columns(connection: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    found = connection.execute(
        "select column_name from duckdb_columns() where database_name = 'published'"
        " and table_name = ? order by column_index",
        [table],
    )
    return [name for (name,) in found.fetchall()]


def _list(columns: list[str]) -> str:
    return ", ".join(map(identifier, columns))


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if _FORMULA.match(text) else text


def _key(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, n=2**15, r=8, p=1).derive(passphrase.encode())


def _encrypted(clear: bytes, passphrase: str) -> bytes:
    salt, nonce = secrets.token_bytes(_SALT), secrets.token_bytes(_NONCE)
    sealed = AESGCM(_key(passphrase, salt)).encrypt(nonce, clear, _MAGIC + salt)
    return _MAGIC + salt + nonce + sealed


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
