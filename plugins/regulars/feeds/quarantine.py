"""Quarantined records: where they stand in their file, word for word, and why they wait there."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow
from pyarrow import parquet

from regulars.feeds.checks import Problem
from regulars.feeds.contract import FEEDS, load_contract
from regulars.feeds.reader import BadRow, Rejects, Source
from regulars.feeds.records import read_records
from regulars.feeds.sql import literal
from regulars.privacy.door import Door

# Enough to recognise a line; an endless one stays in its file.
RAW_TEXT_CHARS = 65_536
COLUMNS = {
    "load_id": "VARCHAR",
    "feed": "VARCHAR",
    "file_path": "VARCHAR",
    "file_row": "BIGINT",
    "physical_line": "BIGINT",
    "row_key": "VARCHAR",
    "raw_text": "VARCHAR",
    "column_name": "VARCHAR",
    "rule": "VARCHAR",
    "reason": "VARCHAR",
    "net_amount": "DECIMAL(18,2)",
    "vault_ref": "VARCHAR",  # where the text is kept whose place ``raw_text`` only marks
}
_ARROW = {
    "BIGINT": pyarrow.int64(),
    "VARCHAR": pyarrow.string(),
    "DECIMAL(18,2)": pyarrow.decimal128(18, 2),
}


@dataclass(frozen=True)
class Quarantined:
    """One record, or one physical line that a broken record swallowed."""

    load_id: str
    feed: str
    file_path: str
    file_row: int | None  # 1-based among the rows that could be told apart
    physical_line: int  # the header is line 1; for workbooks and Parquet the row number
    row_key: str | None  # the values of the contract's key, joined with bars
    raw_text: str
    column_name: str | None
    rule: str
    reason: str
    net_amount: Decimal | None


def locate(source: Source, bad_rows: Sequence[BadRow], rejects: Rejects) -> Iterator[Quarantined]:
    """Find the bad rows and the rejected records of a file, word for word."""
    if source.opened.kind == "parquet":
        for bad in bad_rows:
            yield _quarantined(source, bad.file_row, bad.text, bad.problem, bad)
        return
    bad_of: dict[int, list[BadRow]] = defaultdict(list)
    for bad in bad_rows:
        bad_of[bad.record].append(bad)
    record_no = 0
    for record in read_records(source.opened):
        if record.is_blank:
            continue
        # A cell of a workbook may hold several lines; its rows are counted, not its lines.
        line = record.number if source.delivered.format == "xlsx" else record.line
        if problem := rejects.records.get(record.number):
            if problem.rule == "line_too_long":
                yield _quarantined(source, line, record.text, problem)
                continue
            for offset, text in enumerate(record.lines):
                if text := text.rstrip("\r\n"):
                    why = problem if offset == 0 else _swallowed(problem, line)
                    yield _quarantined(source, line + offset, text, why)
            continue
        record_no += 1
        for bad in bad_of[record_no]:
            yield _quarantined(source, line, record.text, bad.problem, bad)


def write(path: Path, quarantined: Sequence[Quarantined], door: Door) -> None:
    """Write quarantined records as one Parquet file; the words of people go to the vault."""
    schema = pyarrow.schema([(f.name, _ARROW[COLUMNS[f.name]]) for f in fields(Quarantined)])
    lines = pyarrow.Table.from_pylist([vars(record) for record in quarantined], schema)
    parquet.write_table(door.seal_lines(lines), path, compression="zstd")


def waiting(lake: Path, feed: str | None = None) -> list[dict[str, Any]]:
    """What waits in quarantine, of one feed or of all, in the order of feed, file and line.

    A row is counted as its file stands now: what a later replay loaded does not wait any more.
    """
    with duckdb.connect() as connection:
        found = connection.execute(_waiting(lake, feed))
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def export_waiting(lake: Path, feed: str | None, path: str) -> int:
    """Write ``waiting`` to a CSV file that a spreadsheet opens without running anything in it."""
    text = "case when left(raw_text, 1) in ('=', '+', '-', '@') then chr(39) || raw_text"
    with duckdb.connect() as connection:
        query = f"select * replace ({text} else raw_text end as raw_text)"
        (count,) = connection.execute(
            f"copy ({query} from ({_waiting(lake, feed)})) to {literal(path)} (header)"
        ).fetchone()
    return count


def _waiting(lake: Path, feed: str | None) -> str:
    """SQL for the quarantined rows of the attempt that counts of every file."""
    columns = ", ".join(f"cast(null as {kind}) as {name}" for name, kind in COLUMNS.items())
    parts = [f"select {columns} where false"]
    for name in [load_contract(feed).feed] if feed else FEEDS:
        held, ledger = lake / "quarantine" / name, lake / "ledger" / name
        if any(held.glob("*.parquet")):
            parts.append(f"""
                select held.* exclude (filename)
                from read_parquet({literal(str(held / "*.parquet"))}, filename = true) as held
                inner join (
                    select file_path, max_by(batch_id, attempt) as batch_id
                    from read_json(
                        {literal(str(ledger / "*.jsonl"))},
                        columns = {{
                            file_path: 'VARCHAR', batch_id: 'VARCHAR', attempt: 'BIGINT',
                            status: 'VARCHAR'
                        }}
                    )
                    where status = 'loaded'
                    group by file_path
                ) as kept
                on held.file_path = kept.file_path
                and parse_filename(held.filename, true) = kept.batch_id""")
    return f"{' union all by name '.join(parts)} order by feed, file_path, physical_line"


def _swallowed(problem: Problem, line: int) -> Problem:
    return Problem(problem.column, problem.rule, f"swallowed by the broken record on line {line}")


def _quarantined(
    source: Source, line: int, text: str, problem: Problem, bad: BadRow | None = None
) -> Quarantined:
    return Quarantined(
        load_id=source.opened.load_id,
        feed=source.delivered.feed,
        file_path=source.delivered.path,
        file_row=bad.file_row if bad else None,
        physical_line=line,
        row_key=bad.row_key if bad else None,
        raw_text=text if len(text) <= RAW_TEXT_CHARS else text[:RAW_TEXT_CHARS] + "…",
        column_name=problem.column,
        rule=problem.rule,
        reason=problem.reason,
        net_amount=bad.net_amount if bad else None,
    )
