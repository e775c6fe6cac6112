"""Bring the ``raw`` schema up to what the lake's ledger holds.

The ledger alone says what exists: Parquet that it does not name is the remains of a crash. A sync
is one transaction and reads only batches that it has not seen, so running it again changes
nothing, and batches give the same tables in whatever order they arrive.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from regulars.errors import RegularsError
from regulars.feeds.contract import FEEDS, Contract, load_contract
from regulars.feeds.quarantine import COLUMNS as QUARANTINE_COLUMNS
from regulars.feeds.sql import identifier, literal
from regulars.privacy.access_log import COLUMNS as ACCESS_COLUMNS
from regulars.privacy.classes import protected_columns
from regulars.settings import Settings
from regulars.warehouse.said import SAID, SPLIT, said_files, split_files

log = logging.getLogger(__name__)

_LOADS = {
    "load_id": "VARCHAR",
    "feed": "VARCHAR",
    "batch_id": "VARCHAR",
    "file_path": "VARCHAR",
    "delivery_date": "DATE",
    "layout": "VARCHAR",
    "exported_at": "TIMESTAMP",
    "file_bytes": "BIGINT",
    "file_mtime_ns": "BIGINT",
    "attempt": "BIGINT",
    "status": "VARCHAR",
    "reason": "VARCHAR",
    "rows_received": "BIGINT",
    "rows_loaded": "BIGINT",
    "rows_quarantined": "BIGINT",
    "rows_suppressed": "BIGINT",
    "net_amount_received": "DECIMAL(38,2)",
    "net_amount_loaded": "DECIMAL(38,2)",
    "net_amount_quarantined": "DECIMAL(38,2)",
    "event_date_min": "DATE",
    "event_date_max": "DATE",
    "verdict": "VARCHAR",
    "loaded_at": "TIMESTAMP",
    "code_version": "VARCHAR",
}
# One per approval of a purge; the logs of ``privacy.retention``.
_PURGES = {
    "purge": "VARCHAR",
    "purged_at": "TIMESTAMP",
    "data_group": "VARCHAR",
    "approved_by": "VARCHAR",
    "approved_date": "DATE",
    "texts": "BIGINT",
    "captured_from": "DATE",
    "captured_to": "DATE",
    "files_rewritten": "BIGINT",
    "is_complete": "BOOLEAN",
}
# What raw adds to a row of the lake. ``file_row`` counts the good rows of a file from 1.
ROW_COLUMNS = {"file_row": "BIGINT", "exported_at": "TIMESTAMP", "row_hash": "UBIGINT"}
_CHECK = (
    'STRUCT(suite VARCHAR, expectation VARCHAR, "column" VARCHAR, severity VARCHAR,'
    " success BOOLEAN, observed VARCHAR, reason VARCHAR)"
)
_LEDGER = {**_LOADS, "checks": f"{_CHECK}[]", "warnings": "VARCHAR[]"}
_LOAD_CHECKS = {
    "load_id": "VARCHAR",
    "feed": "VARCHAR",
    "file_path": "VARCHAR",
    "suite": "VARCHAR",
    "expectation": "VARCHAR",
    "column_name": "VARCHAR",
    "severity": "VARCHAR",
    "success": "BOOLEAN",
    "observed": "VARCHAR",
    "reason": "VARCHAR",
}
_BUILD = {
    "as_of": "DATE",
    "known_at": "TIMESTAMP",
    "chain_timezone": "VARCHAR",
    "chain_currency": "VARCHAR",
    "code_version": "VARCHAR",
}
# What the last complete build went by: a copy of GONE_BY, for the next to tell what changed.
_BUILT = {
    "fact_kind": "VARCHAR",
    "fact_key": "VARCHAR",
    "valid_from": "DATE",
    "stated": "VARCHAR",
}
GONE_BY = "intermediate.int_build__facts_stated"


@dataclass(frozen=True, order=True)
class Batch:
    """One committed batch of the lake: what a ledger file stands for."""

    feed: str
    batch_id: str

    def ledger(self, lake: Path) -> Path:
        """The file whose existence is the commit."""
        return lake / "ledger" / self.feed / f"{self.batch_id}.jsonl"

    def rows(self, lake: Path) -> Path:
        """Parquet of the accepted rows; absent if there are none."""
        return lake / self.feed / f"{self.batch_id}.parquet"

    def quarantine(self, lake: Path) -> Path:
        """Parquet of the accepted files' quarantined rows; absent if there are none."""
        return lake / "quarantine" / self.feed / f"{self.batch_id}.parquet"


def committed_batches(lake: Path) -> list[Batch]:
    """Every batch that the ledger names, sorted."""
    return sorted(
        Batch(feed, path.stem)
        for feed in FEEDS
        for path in (lake / "ledger" / feed).glob("*.jsonl")
    )


def sync(
    connection: duckdb.DuckDBPyConnection, settings: Settings, batches: list[Batch], code: str
) -> int:
    """Make ``raw`` hold exactly what ``batches`` hold, in one transaction.

    Args:
        connection: the warehouse, open for writing.
        settings: for the lake's place and the chain's time zone and currency.
        batches: all committed batches.
        code: the code version noted in ``raw.build``.

    Returns:
        The number of batches that were new.

    Raises:
        RegularsError: the lake lacks or cannot read what its ledger names.
    """
    connection.begin()
    try:
        _create_tables(connection)
        known = _known_batches(connection)
        if not known.issubset(batches):
            log.info("batches are gone from the lake: raw is rebuilt from what is there")
            connection.execute("drop schema raw cascade")
            _create_tables(connection)
            known = set()
        fresh = sorted(set(batches) - known)
        if fresh:
            _append_ledger(connection, settings.lake, fresh)
            _settle_loads(connection)
            if _is_rewritten(connection):
                forget(connection)
            for feed in _changed_feeds(connection):
                _replace_rows(connection, settings.lake, feed)
            _replace_checks(connection)
            _replace_quarantine(connection, settings.lake)
            connection.execute(
                f"create or replace table raw.loads as select {', '.join(_LOADS)} from loads"
            )
        _replace_access_log(connection, settings.access_log)
        _replace_purges(connection, settings.home / "purges")
        _replace_copy(connection, "figures_said", said_files(settings))
        _replace_copy(connection, "figures_split", split_files(settings))
        _describe_build(connection, settings, code)
        if _is_set_back(connection):
            forget(connection)
    except BaseException as error:
        connection.rollback()
        if isinstance(error, duckdb.Error):
            raise RegularsError(
                f"the lake {settings.lake} cannot be read into the warehouse: {error}"
            ) from error
        raise
    connection.commit()
    log.info("raw holds %d batches, %d of them new", len(batches), len(fresh))
    return len(fresh)


def is_remembered(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether the next build can tell what changed since the last: else it makes all anew."""
    return bool(connection.execute("select count(*) from raw.built").fetchone()[0])


def remember(connection: duckdb.DuckDBPyConnection) -> None:
    """Keep what a complete build went by."""
    connection.begin()
    forget(connection)
    connection.execute(f"insert into raw.built by name from {GONE_BY}")
    connection.commit()


def forget(connection: duckdb.DuckDBPyConnection) -> None:
    """Have the next build make all anew."""
    connection.execute("delete from raw.built")


def _is_rewritten(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether sales that a build has seen are replaced or gone: no fact tells which they were."""
    return bool(
        connection.execute("""
            select count(*) from (
                select load_id, batch_id, exported_at from raw.loads
                where feed = 'pos_sales' and status = 'loaded'
                except
                select load_id, batch_id, exported_at from loads
                where feed = 'pos_sales' and status = 'loaded'
            )
        """).fetchone()[0]
    )


def _is_set_back(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether the last build was of a later day, whose file has since come with an earlier one."""
    return bool(
        connection.execute("""
            select count(*) from raw.built cross join raw.build
            where fact_kind = 'as_of' and valid_from > as_of
        """).fetchone()[0]
    )


def _tables() -> dict[str, dict[str, str]]:
    feeds = {feed: dict(protected_columns(load_contract(feed))) | ROW_COLUMNS for feed in FEEDS}
    return {
        **feeds,
        "ledger": _LEDGER,
        "loads": _LOADS,
        "load_checks": _LOAD_CHECKS,
        "quarantine": QUARANTINE_COLUMNS,
        "access_log": ACCESS_COLUMNS,
        "purges": _PURGES,
        "figures_said": SAID,
        "figures_split": SPLIT,
        "build": _BUILD,
        "built": _BUILT,
    }


def _create_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Create what is missing; start over from the lake if a contract changed its columns."""
    wanted = _tables()
    found: dict[str, list[str]] = {}
    for table, column in connection.execute(
        "select table_name, column_name from duckdb_columns() where schema_name = 'raw'"
        " and database_name = current_database() order by table_name, column_index"
    ).fetchall():
        found.setdefault(table, []).append(column)
    if any(found[table] != list(columns) for table, columns in wanted.items() if table in found):
        log.info("the columns of raw changed: it is rebuilt from the lake")
        connection.execute("drop schema raw cascade")
    connection.execute("create schema if not exists raw")
    for table, columns in wanted.items():
        declared = ", ".join(f"{identifier(name)} {type_}" for name, type_ in columns.items())
        connection.execute(f"create table if not exists raw.{table} ({declared})")
    parts = " union all ".join(_row_view(load_contract(feed)) for feed in FEEDS)
    connection.execute(f"create or replace view raw.rows as {parts}")


def _row_view(contract: Contract) -> str:
    """What tells a feed's rows and their versions apart; for feeds of events, place and time."""
    event = contract.event_column
    key = " || '|' || ".join(f"cast({identifier(name)} as varchar)" for name in contract.key)

    def value(name: str, type_: str, wanted: bool = True) -> str:
        found = identifier(name) if wanted and contract.column(name) else "null"
        return f"cast({found} as {type_}) as {name}"

    occurred_at, is_utc = (
        (identifier(event), identifier(f"{event}_is_utc")) if event else ("null", "null")
    )
    return (
        f"select {literal(contract.feed)} as feed, load_id, file_row, {key} as row_key, row_hash,"
        f" exported_at, {value('updated_at', 'timestamp')},"
        f" cast({occurred_at} as timestamp) as occurred_at,"
        f" cast({is_utc} as boolean) as occurred_at_is_utc,"
        f" {value('store_id', 'varchar', wanted=event is not None)},"
        f" {value('complaint_id', 'varchar', wanted=event is not None)},"
        f" {value('net_amount', 'decimal(18, 2)')}"
        f" from raw.{contract.feed}"
    )


def _known_batches(connection: duckdb.DuckDBPyConnection) -> set[Batch]:
    found = connection.execute("select distinct feed, batch_id from raw.ledger").fetchall()
    return {Batch(*row) for row in found}


def _append_ledger(connection: duckdb.DuckDBPyConnection, lake: Path, batches: list[Batch]) -> None:
    columns = ", ".join(f"{name}: {literal(type_)}" for name, type_ in _LEDGER.items())
    connection.execute(
        "insert into raw.ledger by name"
        f" from read_json({_files(batch.ledger(lake) for batch in batches)},"
        f" format = 'newline_delimited', columns = {{{columns}}})"
    )


def _settle_loads(connection: duckdb.DuckDBPyConnection) -> None:
    """Settle what counts where one content was delivered or committed several times.

    A content is read from the last attempt that loaded it, in the smallest batch of its name, and
    belongs to the file delivered
    first, by (delivery_date, file_path); its other files are duplicates. A file that was rejected
    and then loaded is loaded. All this is settled from the whole ledger, so neither the order in
    which files were loaded nor that in which batches are seen here has a say.

    A duplicate has no rows of its own, but the dates and the verdict of its content.

    Leaves temp tables: ``loads``, one line per file, with its checks; ``changed_lines`` and
    ``changed_rows``, what differs from ``raw.loads`` and so must be replaced.
    """
    connection.execute("""
        create or replace temp table loads as
        with files as (
            select *
            from raw.ledger
            qualify row_number() over (
                partition by feed, load_id, file_path
                order by
                    case status when 'loaded' then 1 when 'duplicate_file' then 2 else 3 end,
                    attempt desc,
                    batch_id
            ) = 1
        ),
        readings as (
            select *
            from raw.ledger
            where status = 'loaded'
            qualify row_number() over (
                partition by feed, load_id order by attempt desc, batch_id, file_path
            ) = 1
        ),
        firsts as (
            select feed, load_id, file_path
            from files
            where status in ('loaded', 'duplicate_file')
            qualify row_number() over (
                partition by feed, load_id order by delivery_date, file_path
            ) = 1
        ),
        placed as (
            select
                f.*,
                r as reading,
                first.file_path as first_path,
                f.status = 'rejected' or r.load_id is null as is_itself,
                f.file_path = first.file_path as is_first
            from files as f
            left join readings as r on f.feed = r.feed and f.load_id = r.load_id
            left join firsts as first on f.feed = first.feed and f.load_id = first.load_id
        )
        select
            load_id,
            feed,
            case when is_first and not is_itself then reading.batch_id else batch_id end
                as batch_id,
            file_path,
            delivery_date,
            layout,
            exported_at,
            file_bytes,
            file_mtime_ns,
            attempt,
            case when is_itself then status when is_first then 'loaded' else 'duplicate_file' end
                as status,
            case
                when is_itself then reason
                when not is_first then file_path || ': the same content as ' || first_path
            end as reason,
            case when is_itself then rows_received else reading.rows_received end as rows_received,
            case when is_itself then rows_loaded when is_first then reading.rows_loaded else 0 end
                as rows_loaded,
            case
                when is_itself then rows_quarantined
                when is_first then reading.rows_quarantined
                else 0
            end as rows_quarantined,
            case when is_itself then rows_suppressed else reading.rows_suppressed end
                as rows_suppressed,
            case when is_itself then net_amount_received else reading.net_amount_received end
                as net_amount_received,
            case when is_itself then net_amount_loaded when is_first then reading.net_amount_loaded
                end as net_amount_loaded,
            case
                when is_itself then net_amount_quarantined
                when is_first then reading.net_amount_quarantined
            end as net_amount_quarantined,
            case when is_itself then event_date_min else reading.event_date_min end
                as event_date_min,
            case when is_itself then event_date_max else reading.event_date_max end
                as event_date_max,
            case when is_itself then verdict else reading.verdict end as verdict,
            loaded_at,
            code_version,
            case when is_itself then checks when is_first then reading.checks end as checks
        from placed
    """)
    connection.execute("""
        create or replace temp table changed_lines as
        select feed, load_id, file_path, batch_id, status from loads
        except
        select feed, load_id, file_path, batch_id, status from raw.loads
    """)
    connection.execute("""
        create or replace temp table changed_rows as
        select feed, load_id, batch_id, exported_at from loads where status = 'loaded'
        except
        select feed, load_id, batch_id, exported_at from raw.loads where status = 'loaded'
    """)


def _changed_feeds(connection: duckdb.DuckDBPyConnection) -> list[str]:
    found = connection.execute("select distinct feed from changed_rows order by feed").fetchall()
    return [feed for (feed,) in found]


def _replace_rows(connection: duckdb.DuckDBPyConnection, lake: Path, feed: str) -> None:
    connection.execute(
        f"delete from raw.{feed}"
        " where load_id in (select load_id from changed_rows where feed = ?)",
        [feed],
    )
    batches = connection.execute(
        "select distinct feed, batch_id"
        " from loads semi join changed_rows using (feed, load_id, batch_id)"
        " where feed = ? and status = 'loaded' and rows_loaded > 0 order by all",
        [feed],
    ).fetchall()
    if not batches:
        return
    files = _files(Batch(*row).rows(lake) for row in batches)
    # Two deliveries of one content may state different times of export; the first one counts.
    connection.execute(
        f"""
        insert into raw.{feed} by name
        with delivered as (
            from read_parquet(
                {files}, union_by_name = true, filename = true, file_row_number = true
            )
        ),
        changed as (
            select
                any_value(filename) as filename, load_id, min(file_row_number) as first_row,
                any_value(changed_rows.exported_at) as exported_at
            from delivered
            inner join changed_rows using (load_id)
            where
                changed_rows.feed = ?
                and parse_filename(filename, true) = changed_rows.batch_id
            group by load_id
        ),
        numbered as (
            select
                delivered.* exclude (filename, file_row_number), changed.exported_at,
                delivered.file_row_number - changed.first_row + 1 as file_row
            from delivered
            inner join changed using (filename, load_id)
        )
        select *, {_row_hash(feed)} as row_hash from (
            select * from numbered
            union all by name
            select * exclude (row_hash) from raw.{feed} where false
        )
        """,
        [feed],
    )


def _row_hash(feed: str) -> str:
    """SQL: 64 bits of a hash over the delivered values of a row; stable over DuckDB's versions."""
    columns = [
        name
        for name, kind in protected_columns(load_contract(feed))
        if name != "load_id" and not kind.endswith("[]")  # made of the others
    ]
    values = ", ".join(f"coalesce(cast({identifier(c)} as varchar), chr(30))" for c in columns)
    return f"md5_number_lower(concat_ws(chr(31), {values}))"


def _replace_checks(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("""
        delete from raw.load_checks
        where (feed, load_id, file_path) in (select (feed, load_id, file_path) from changed_lines)
    """)
    connection.execute("""
        insert into raw.load_checks by name
        select
            load_id, feed, file_path, c.suite, c.expectation, c."column" as column_name,
            c.severity, c.success, c.observed, c.reason
        from (
            select feed, load_id, file_path, unnest(checks) as c
            from loads
            semi join changed_lines using (feed, load_id, file_path)
        )
    """)


def _replace_quarantine(connection: duckdb.DuckDBPyConnection, lake: Path) -> None:
    connection.execute("""
        delete from raw.quarantine
        where (feed, load_id, file_path) in (select (feed, load_id, file_path) from changed_lines)
    """)
    batches = connection.execute("""
        select distinct feed, batch_id
        from loads semi join changed_lines using (feed, load_id, file_path)
        where status = 'loaded' and rows_quarantined > 0
        order by all
    """).fetchall()
    if not batches:
        return
    files = _files(Batch(*row).quarantine(lake) for row in batches)
    connection.execute(f"""
        insert into raw.quarantine by name
        select q.* exclude (file_path, filename), changed.file_path
        from read_parquet({files}, union_by_name = true, filename = true) as q
        inner join changed_lines as changed
            on q.feed = changed.feed
            and q.load_id = changed.load_id
            and parse_filename(q.filename, true) = changed.batch_id
            and changed.status = 'loaded'
    """)


def _replace_purges(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    connection.execute("delete from raw.purges")
    if not any(folder.glob("*.json")):
        return
    approval = (
        "STRUCT(approved_by VARCHAR, approved_date DATE, texts BIGINT, captured_from DATE,"
        " captured_to DATE)[]"
    )
    columns = {
        **{name: _PURGES[name] for name in ("purge", "data_group", "is_complete")},
        "purged_at": "TIMESTAMPTZ",
        "approvals": approval,
        "removed": "JSON[]",
    }
    declared = ", ".join(f"{name}: {literal(kind)}" for name, kind in columns.items())
    connection.execute(f"""
        insert into raw.purges by name
        select
            purge, purged_at at time zone 'UTC' as purged_at, data_group, is_complete,
            len(removed) as files_rewritten, unnest(approvals, recursive := true)
        from read_json({literal(str(folder / "*.json"))}, columns = {{{declared}}})
    """)


def _describe_build(connection: duckdb.DuckDBPyConnection, settings: Settings, code: str) -> None:
    """``as_of`` is the newest day that a load closed; ``known_at`` is when the last load came."""
    connection.execute("delete from raw.build")
    connection.execute(
        """
        insert into raw.build
        select max(delivery_date) filter (status = 'loaded'), max(loaded_at), ?, ?, ?
        from raw.loads
        """,
        [settings.timezone, settings.currency, code],
    )


def _replace_access_log(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    connection.execute("delete from raw.access_log")
    if path.exists():
        columns = ", ".join(f"{name}: {literal(type_)}" for name, type_ in ACCESS_COLUMNS.items())
        connection.execute(
            f"insert into raw.access_log from read_json({literal(str(path))},"
            f" format = 'newline_delimited', columns = {{{columns}}})"
        )


def _replace_copy(connection: duckdb.DuckDBPyConnection, table: str, files: list[Path]) -> None:
    connection.execute(f"delete from raw.{table}")
    if files:
        connection.execute(f"insert into raw.{table} by name from read_parquet({_files(files)})")


def _files(paths: Iterable[Path]) -> str:
    return "[" + ", ".join(literal(str(path)) for path in paths) + "]"
