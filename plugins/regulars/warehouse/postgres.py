"""A copy of the published marts in a PostgreSQL server, for tools that want one."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import duckdb

from regulars.errors import RegularsError
from regulars.feeds.sql import identifier

if TYPE_CHECKING:
    import psycopg

log = logging.getLogger(__name__)

SCHEMA = "marts"
# One row: which version the tables beside it are of.
STATEMENT_OF_VERSION = "copied_version"
# How long a table whose columns changed may wait for those who read it; nothing else waits.
LOCK_TIMEOUT = "60s"
_CHUNK = 1 << 20
_LONGEST_NAME = 63
_TYPES = {
    "BIGINT": "bigint",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "DOUBLE": "double precision",
    "INTEGER": "integer",
    "SMALLINT": "smallint",
    "TIMESTAMP": "timestamp",
    "TIMESTAMP WITH TIME ZONE": "timestamptz",
    "VARCHAR": "text",
}

Columns = list[tuple[str, str]]


def copy_version(folder: Path, url: str) -> int:
    """Make the schema ``marts`` of the server hold the tables of a version, in one transaction.

    Rows are deleted and copied in tables that stay, so that who reads meanwhile, in one query or in
    a transaction of many, sees the old copy or the new one whole and waits for nobody; rights and
    views of the tables stay as well. Only a table whose columns changed is made anew, with the
    rights on it, at the very end. A copy of this very version is left as it is.

    Args:
        folder: of the version.
        url: of the database, as libpq takes it; its user may create the schema or owns it.

    Returns:
        How many rows were copied.

    Raises:
        RegularsError: there is no driver or no server, or the copy failed; the old one stays.
    """
    try:
        import psycopg
    except ImportError:
        raise RegularsError(
            "a copy in PostgreSQL needs the extra `postgres`: uv sync --extra postgres"
        ) from None
    description = json.loads((folder / "version.json").read_text(encoding="utf-8"))
    try:
        with psycopg.connect(url) as server, _marts(folder) as marts:
            rows = _copy(server, marts, description)
    except (psycopg.Error, duckdb.Error, OSError) as error:
        raise RegularsError(
            f"version {description['version']} was not copied to PostgreSQL, the copy before it"
            f" stays: {str(error).strip() or type(error).__name__}"
        ) from error
    log.info("%d rows of version %s copied to PostgreSQL", rows, description["version"])
    return rows


@contextmanager
def _marts(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(folder / "regulars.duckdb", read_only=True) as marts:
        marts.execute("set TimeZone = 'UTC'")
        yield marts


def _copy(
    server: "psycopg.Connection", marts: duckdb.DuckDBPyConnection, description: dict[str, Any]
) -> int:
    server.execute("set local timezone = 'UTC'")
    server.execute("select set_config('lock_timeout', %s, true)", [LOCK_TIMEOUT])
    # One copier at a time: the second finds what the first has done.
    server.execute("select pg_advisory_xact_lock(hashtext('regulars marts'))")
    server.execute(f"create schema if not exists {SCHEMA}")
    said = {
        "version": description["version"],
        "as_of": description["as_of"],
        "verdict": description["verdict"],
        "coverage_pct": description["coverage_pct"],
        "content_hash": description["content_hash"],
    }
    if _is_copied(server, said):
        return 0
    wanted = {name: _columns(marts, name) for name in description["tables"]}
    held = _held(server)
    anew = []
    rows = 0
    for name, described in description["tables"].items():
        target, columns = name, wanted[name]
        if held.get(name) != columns:
            target = f"new {len(anew)}"
            _create(server, target, columns)
            anew.append((name, target))
        else:
            server.execute(f"delete from {_table(name)}")
        arrived, sent = _fill(server, marts, name, target, columns), described["rows"]
        if arrived != sent:
            raise RegularsError(f"{name}: {arrived} of {sent} rows arrived in PostgreSQL")
        rows += arrived
    _state_version(server, said, held)
    # What locks readers out comes last and takes no time.
    for name, target in anew:
        rights = _rights(server, name) if name in held else []
        if name in held:
            server.execute(f"drop table {_table(name)} cascade")
        server.execute(f"alter table {_table(target)} rename to {identifier(name)}")
        for right, role in rights:
            server.execute(f"grant {right} on {_table(name)} to {role}")
        _comment(server, marts, name)
    for name in set(held) - set(wanted) - {STATEMENT_OF_VERSION}:
        server.execute(f"drop table {_table(name)} cascade")
    return rows


def _is_copied(server: "psycopg.Connection", said: dict[str, Any]) -> bool:
    if STATEMENT_OF_VERSION not in _held(server):
        return False
    found = server.execute(
        f"select version, content_hash from {_table(STATEMENT_OF_VERSION)}"
    ).fetchall()
    return found == [(said["version"], said["content_hash"])]


def _state_version(
    server: "psycopg.Connection", said: dict[str, Any], held: dict[str, Columns]
) -> None:
    if STATEMENT_OF_VERSION not in held:
        server.execute(
            f"create table {_table(STATEMENT_OF_VERSION)} (version text, as_of date, verdict text,"
            " coverage_pct double precision, content_hash text)"
        )
    server.execute(f"delete from {_table(STATEMENT_OF_VERSION)}")
    server.execute(
        f"insert into {_table(STATEMENT_OF_VERSION)} values (%s, %s, %s, %s, %s)",
        list(said.values()),
    )


def _columns(marts: duckdb.DuckDBPyConnection, name: str) -> Columns:
    """Names and PostgreSQL types of the columns of a mart, in their order."""
    described = marts.execute(f"describe {identifier(name)}").fetchall()
    columns = [(column, _type(type_)) for column, type_, *_ in described]
    long = [one for one in (name, *dict(columns)) if len(one.encode()) > _LONGEST_NAME]
    if long:
        raise RegularsError(f"{name}: PostgreSQL would cut the name {long[0]}")
    return columns


def _type(type_: str) -> str:
    if type_.startswith("DECIMAL("):
        return type_.replace("DECIMAL", "numeric").replace(" ", "")
    return _TYPES.get(type_, "text")


def _held(server: "psycopg.Connection") -> dict[str, Columns]:
    """The tables of the copy with their columns and types, as ``_type`` writes them."""
    found = server.execute(
        """
        select c.relname, a.attname, format_type(a.atttypid, a.atttypmod)
        from pg_class as c
        inner join pg_attribute as a on c.oid = a.attrelid and a.attnum > 0 and not a.attisdropped
        where c.relnamespace = %s::regnamespace and c.relkind = 'r'
        order by c.relname, a.attnum
        """,
        [SCHEMA],
    ).fetchall()
    short = {
        "timestamp without time zone": "timestamp",
        "timestamp with time zone": "timestamptz",
    }
    tables: dict[str, Columns] = {}
    for table, column, type_ in found:
        tables.setdefault(table, []).append((column, short.get(type_, type_)))
    return tables


def _create(server: "psycopg.Connection", table: str, columns: Columns) -> None:
    declared = ", ".join(f"{identifier(column)} {type_}" for column, type_ in columns)
    server.execute(f"create table {_table(table)} ({declared})")


def _fill(
    server: "psycopg.Connection",
    marts: duckdb.DuckDBPyConnection,
    name: str,
    target: str,
    columns: Columns,
) -> int:
    """Copy the rows of a mart; text is quoted, so that an empty one is not null."""
    texts = [identifier(column) for column, type_ in columns if type_ == "text"]
    # PostgreSQL holds no NUL in a text.
    clean = ", ".join(f"replace(cast({text} as varchar), chr(0), '') as {text}" for text in texts)
    shown = f"* replace ({clean})" if texts else "*"
    quote = f", force_quote ({', '.join(texts)})" if texts else ""
    with TemporaryDirectory(prefix="regulars-") as folder:
        file = Path(folder) / "rows.csv"
        marts.execute(
            f"copy (select {shown} from {identifier(name)}) to '{file}'"
            f" (format csv, header false, nullstr ''{quote})"
        )
        with server.cursor() as cursor:
            into = f"copy {_table(target)} from stdin (format csv, null '')"
            with file.open("rb") as lines, cursor.copy(into) as copy:
                while chunk := lines.read(_CHUNK):
                    copy.write(chunk)
            return cursor.rowcount


def _rights(server: "psycopg.Connection", name: str) -> list[tuple[str, str]]:
    """Rights on a table that others than its owner were given, and to whom."""
    return server.execute(
        """
        select
            r.privilege_type,
            case r.grantee when 0 then 'public' else r.grantee::regrole::text end
        from pg_class as c, aclexplode(c.relacl) as r
        where c.relnamespace = %s::regnamespace and c.relname = %s and r.grantee <> c.relowner
        order by 1, 2
        """,
        [SCHEMA, name],
    ).fetchall()


def _comment(server: "psycopg.Connection", marts: duckdb.DuckDBPyConnection, name: str) -> None:
    """What the table and its columns mean, as the version says it."""
    from psycopg import sql

    found = marts.execute(
        """
        select null, comment from duckdb_tables() where table_name = $1 and comment is not null
        union all
        select column_name, comment from duckdb_columns()
        where table_name = $1 and comment is not null
        """,
        [name],
    ).fetchall()
    for column, comment in found:
        what = sql.Identifier(SCHEMA, name, *([column] if column else []))
        kind = sql.SQL("column" if column else "table")
        server.execute(
            sql.SQL("comment on {} {} is {}").format(kind, what, sql.Literal(comment.strip()))
        )


def _table(name: str) -> str:
    return f"{SCHEMA}.{identifier(name)}"
