"""Rows on their way from the reader to the lake: clear values to the vault, tokens to the lake."""

import functools
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from regulars.errors import RegularsError
from regulars.feeds.contract import Contract
from regulars.feeds.sql import identifier, literal
from regulars.privacy.classes import REF, SEALED_MARK, Protection, protection
from regulars.privacy.keys import KeyRing, load_keys
from regulars.privacy.redaction import redacted
from regulars.privacy.refs import Known, MadeBefore
from regulars.privacy.suppression import PERSON_COLUMNS, Suppression
from regulars.privacy.tokens import TOKEN_HEX, HashStates, Tokens, begin, digests, tokens_of
from regulars.privacy.vault import Vault, VaultBatch
from regulars.settings import Settings

ANONYMOUS = "anonymous"
_NO_TEXT = pa.scalar(None, pa.string())


@dataclass(frozen=True)
class Protected:
    """Rows as they may lie in the lake.

    Per row given, ``is_kept`` says whether it is among them, ``is_erased`` whether it led to an
    erased person.
    """

    rows: pa.Table
    is_kept: pa.Array
    is_erased: pa.Array

    @property
    def rows_anonymised(self) -> int:
        """Rows kept without the erased person whom they led to."""
        return pc.sum(pc.and_(self.is_erased, self.is_kept)).as_py() or 0

    @property
    def rows_suppressed(self) -> int:
        """Rows left out: they were about an erased person and nothing else."""
        return len(self.is_kept) - self.rows.num_rows


class Door:
    """Protects the rows of one batch of a feed; ``commit`` seals what it took."""

    def __init__(
        self, contract: Contract, ring: KeyRing, settings: Settings, vault: VaultBatch | None
    ):
        self.contract = contract
        self.spec = protection(contract)
        self.tokens = Tokens(ring, settings.phone_region)
        self.suppression = Suppression(settings, ring)
        self.vault = vault
        self._nobody = begin(ring.derived("index", ANONYMOUS))
        self._lake = settings.lake / contract.feed
        self._expected = 0

    def connect(self) -> duckdb.DuckDBPyConnection:
        """A database in memory for rows on their way; the vault's, as another takes 15 ms."""
        return self.vault.connection.cursor() if self.vault else duckdb.connect()

    def expect(self, rows: int) -> None:
        """Say how many rows the batch has; so many of the lake are looked into for their tokens."""
        self._expected = rows

    @property
    def is_needed(self) -> bool:
        """Whether rows of this feed can lie in the lake only after ``protect``."""
        anonymous = self.contract.column(ANONYMOUS) is not None
        return bool(self.spec.sealed) or anonymous or len(self.suppression) > 0

    def protect(self, rows: pa.Table) -> Protected:
        """The rows as they may lie in the lake.

        Args:
            rows: the contract's columns, and any others, as the reader typed them; ``load_id`` too.

        Returns:
            The rows in the same order, sealed columns replaced (tokens, a mark, redacted text) and
            the columns of ``Protection.added`` behind the others. Anonymous rows are coarsened.
            Rows of persons on the suppression list lose what leads to the person, and are left out
            where the person's number is part of the key. Where there is none of this to do,
            ``rows`` itself.
        """
        kept, erased = pa.repeat(True, rows.num_rows), pa.repeat(False, rows.num_rows)
        about = None
        coarse = None
        if ANONYMOUS in rows.column_names:
            coarse = pc.fill_null(rows[ANONYMOUS].combine_chunks(), False)
            coarse = coarse if pc.any(coarse).as_py() else None
        if coarse is not None:
            rows = coarsened(rows, coarse, self.contract, self._nobody)
        if len(self.suppression):
            about = self.suppression.persons(rows, self.spec)
            refers = {
                name: self.suppression.references(rows, name)
                for name in PERSON_COLUMNS
                if name in rows.column_names
            }
            erased = functools.reduce(pc.or_, refers.values(), about)
            rows, kept, _ = anonymise(rows, self.contract, about, refers)
            about = about.filter(kept)
        if self.spec.sealed:
            contents = _json(self.vault, rows, self.spec.sealed)
            if about is not None:
                contents = pc.if_else(about, _NO_TEXT, contents)
            refs = self.vault.add(subjects(rows, self.spec), contents)
            made_before = self._made_before.find(refs)
            rows = with_tokens(rows, self.spec, self.tokens, refs, made_before)
        return Protected(rows, kept, erased)

    def seal_lines(self, lines: pa.Table) -> pa.Table:
        """Quarantined records as they may be kept.

        Args:
            lines: records of this feed with text columns ``load_id``, ``row_key``, ``raw_text``.

        Returns:
            The same with ``vault_ref`` appended. Of a feed with personal data the raw text is in
            the vault and a mark stands in its place; of an erased person neither text nor key.
        """
        if not self.spec.sealed:
            return lines.append_column(REF, pa.nulls(lines.num_rows, pa.string()))
        whose = pc.binary_join_element_wise(
            "quarantine", lines["load_id"].combine_chunks().cast(pa.string()), ":"
        )
        if self.spec.key[0] == "customer_id":
            key = pc.list_element(pc.split_pattern(lines["row_key"].combine_chunks(), "|"), 0)
            whose = pc.coalesce(pc.binary_join_element_wise("customer_id", key, ":"), whose)
            if len(self.suppression):
                erased = pc.fill_null(self.suppression.numbers(key), False)
                for name in ("raw_text", "row_key"):
                    lines = _nulled(lines, name, erased)
        refs = self.vault.add(whose, _json(self.vault, lines, ["raw_text"]))
        mark = pc.if_else(pc.is_valid(refs), SEALED_MARK, _NO_TEXT)
        return _replaced(lines, "raw_text", mark).append_column(REF, refs)

    @functools.cached_property
    def _made_before(self) -> MadeBefore:
        """The tokens in the newest files of the lake that together have as many rows as the batch.

        A ref stands for a person and what was delivered, so equal refs have equal tokens: what a
        full member file brings again is looked up and not made again.
        """
        names = [name for name, _ in (*self.spec.tokens, *self.spec.added) if name != REF]
        files, rows = [], 0
        for path in sorted(self._lake.glob("*.parquet"), reverse=True) if self.spec.tokens else ():
            if rows >= self._expected:
                break
            held = pq.ParquetFile(path)
            if {REF, *names} <= set(held.schema_arrow.names):
                files.append(held)
                rows += held.metadata.num_rows
        return MadeBefore(files, names)

    def commit(self, name: str) -> int:
        """Seal what was taken, before the ledger names the batch; the number of new values."""
        return self.vault.commit(name) if self.vault else 0


@contextmanager
def open_door(settings: Settings, contract: Contract) -> Iterator[Door]:
    """The door of one batch. Commit it, and then the ledger, inside the block.

    Raises:
        RegularsError: the keys are lost or wrong, a rotation was cut off, or the vault is damaged.
    """
    ring = load_keys(settings)
    if len([version for purpose, version in ring.keys if purpose == "token"]) > 1:
        raise RegularsError("a rotation of the token key was cut off; run it again before you load")
    if not protection(contract).sealed:
        yield Door(contract, ring, settings, None)
        return
    with Vault(settings, ring).batch(contract.feed) as batch:
        yield Door(contract, ring, settings, batch)


def subjects(rows: pa.Table, spec: Protection) -> pa.Array:
    """Whom each row is about: ``customer_id:…``, or what else leads to the person; never null.

    An anonymous answer is about nobody: those of one load share a key.
    """
    found = pa.nulls(rows.num_rows, pa.string())
    for name in spec.subject:
        value = rows[name].combine_chunks().cast(pa.string())
        found = pc.coalesce(found, pc.binary_join_element_wise(name, value, ":"))
    if ANONYMOUS in rows.column_names:
        load = pc.fill_null(rows["load_id"].combine_chunks().cast(pa.string()), "")
        nobody = pc.binary_join_element_wise("anonymous", load, ":")
        is_anonymous = pc.fill_null(rows[ANONYMOUS].combine_chunks(), False)
        found = pc.if_else(is_anonymous, nobody, found)
    if found.null_count:
        key = [pc.fill_null(rows[n].combine_chunks().cast(pa.string()), "") for n in spec.key]
        whole = pc.binary_join_element_wise(*key, "|")
        found = pc.coalesce(found, pc.binary_join_element_wise(spec.feed, whole, ":"))
    return found


def coarsened(rows: pa.Table, those: pa.Array, contract: Contract, begun: HashStates) -> pa.Table:
    """Anonymous rows as they may be kept: no person, no receipt, no exact time.

    Numbers that are no part of the key become null; one that is, the questionnaire's or the post's,
    becomes a keyed hash, so that a second delivery is still known as one. Times become noon of the
    first day of their month, which is in that month in every time zone.
    """
    for column in contract.columns:
        name = column.name
        if name not in rows.column_names:
            continue
        values = rows[name].combine_chunks()
        if column.type in ("timestamp", "date"):
            month = pc.floor_temporal(values.cast(pa.timestamp("us")), unit="month")
            noon = pc.add(month, pa.scalar(43_200_000_000, pa.duration("us")))
            rows = _replaced(
                rows, name, pc.if_else(those, noon.cast(values.type, safe=False), values)
            )
        elif column.classification == "identifier" and name in contract.key:
            hidden = tokens_of(begun, values.cast(pa.binary()), TOKEN_HEX)
            hidden = pc.binary_join_element_wise("an", hidden, "_")
            rows = _replaced(rows, name, pc.if_else(those, hidden, values))
        elif column.classification == "identifier":
            rows = _nulled(rows, name, those)
    return rows


def hidden_number(ring: KeyRing) -> Callable[[str], str]:
    """The function that makes of a number what ``coarsened`` keeps of it."""
    begun = begin(ring.derived("index", ANONYMOUS))
    return lambda number: f"an_{digests(begun, [number.encode()], TOKEN_HEX)[0]}"


def with_tokens(
    rows: pa.Table,
    spec: Protection,
    tokens: Tokens,
    refs: pa.Array,
    made_before: Known | None = None,
) -> pa.Table:
    """The rows with tokens, marks and redacted texts in the place of what is sealed.

    ``made_before`` is what the lake has of these refs.
    """
    clear = {name: rows[name].combine_chunks() for name in spec.sealed}
    made = _tokens_of_rows(clear, spec, tokens, made_before) | {REF: refs}
    for name in spec.marks:
        made[name] = pc.if_else(pc.is_valid(clear[name]), SEALED_MARK, _NO_TEXT)
    for name in spec.texts:
        made[name] = redacted(clear[name])
    for name in (*spec.sealed, *(name for name, _ in spec.added)):
        rows = with_column(rows, name, made[name])
    return rows


def with_column(rows: pa.Table, name: str, values: pa.Array) -> pa.Table:
    """The rows with a column in the place of the one of that name, else behind the others."""
    if name in rows.column_names:
        return _replaced(rows, name, values)
    return rows.append_column(name, values)


def _tokens_of_rows(
    clear: Mapping[str, pa.Array], spec: Protection, tokens: Tokens, made_before: Known | None
) -> dict[str, pa.Array]:
    """``token_columns``, made only for the rows of which nothing is known."""
    if made_before is None:
        return token_columns(clear, spec, tokens)
    is_known, known = made_before.is_known, made_before.rows
    is_new = pa.array(~is_known)
    made = token_columns({name: v.filter(is_new) for name, v in clear.items()}, spec, tokens)
    # Known rows and behind them the new ones, back into their order.
    places = np.where(is_known, np.cumsum(is_known), len(known) + np.cumsum(~is_known)) - 1
    found = {name: known[name].combine_chunks().cast(values.type) for name, values in made.items()}
    if is_known.all():
        return found
    return {
        name: pa.concat_arrays([found[name], values]).take(pa.array(places))
        for name, values in made.items()
    }


def token_columns(
    clear: Mapping[str, pa.Array], spec: Protection, tokens: Tokens
) -> dict[str, pa.Array]:
    """The columns of the lake that hold tokens and keys of parts, from the clear columns."""
    made: dict[str, pa.Array] = {}
    for name, kind in spec.tokens:
        made[name] = tokens.tokens(kind, clear[name])
        if kind == "name":
            made[f"{name}_keys"] = tokens.name_keys(clear[name])
        elif kind == "birth_date":
            made["birth_keys"] = tokens.birth_keys(clear[name])
            born = clear[name].cast(pa.date32())
            made["birth_year"] = pc.year(born)
            # 229 is 29 February: wishes need the day, and nothing that is told by a token.
            made["birth_month_day"] = pc.add(pc.multiply(pc.month(born), 100), pc.day(born))
    for name in spec.marks:
        made[f"{name}_keys"] = tokens.address_keys(clear[name])
    return made


def anonymise(
    rows: pa.Table, contract: Contract, about: pa.Array, refers: Mapping[str, pa.Array]
) -> tuple[pa.Table, pa.Array, int]:
    """Rows without what leads to some persons; amounts, products, places and days stay.

    Args:
        rows: rows of the feed, as delivered or as they lie in the lake.
        contract: the feed's.
        about: per row, whether it is about such a person: contacts and the vault's ref go too.
        refers: per column of ``PERSON_COLUMNS``, whether it holds such a person's number.

    Returns:
        The rows that are left, which of those given they are (a row is left out where the number
        is part of the key), and how many of them were changed. Redacted text stays, linked to
        nobody.
    """
    spec = protection(contract)
    kept, touched = pa.repeat(True, rows.num_rows), about
    for name, those in refers.items():
        touched = pc.or_(touched, those)
        if name in contract.key:
            kept = pc.and_(kept, pc.invert(pc.or_(those, about)))
        else:
            rows = _nulled(rows, name, those)
    personal = [*(name for name, _ in spec.tokens), *spec.marks, *(name for name, _ in spec.added)]
    for name in personal:
        if name in rows.column_names:
            rows = _nulled(rows, name, about)
    return rows.filter(kept), kept, pc.sum(pc.and_(touched, kept)).as_py() or 0


def _nulled(rows: pa.Table, name: str, those: pa.Array) -> pa.Table:
    values = rows[name].combine_chunks()
    return _replaced(rows, name, pc.if_else(those, pa.scalar(None, values.type), values))


def _replaced(rows: pa.Table, name: str, values: pa.Array) -> pa.Table:
    return rows.set_column(rows.column_names.index(name), name, values)


def _json(vault: VaultBatch, rows: pa.Table, names: tuple[str, ...] | list[str]) -> pa.Array:
    """Per row a JSON object of some columns; null where all of them are."""
    pairs = ", ".join(f"{literal(name)}, {identifier(name)}" for name in names)
    some = " or ".join(f"{identifier(name)} is not null" for name in names)
    vault.connection.register("clear", rows.select(list(names)))
    made = vault.connection.execute(
        f"select case when {some} then cast(json_object({pairs}) as varchar) end from clear"
    ).to_arrow_table()
    vault.connection.unregister("clear")
    return made.column(0).combine_chunks()
