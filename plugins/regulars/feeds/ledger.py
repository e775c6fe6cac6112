"""The load ledger: one line per delivered file, one file per batch, created whole or not at all.

What the ledger does not name does not exist: a batch's Parquet files are written first, and the
ledger file that names them is the commit.
"""

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

Status = Literal["loaded", "rejected", "duplicate_file"]


@dataclass(frozen=True)
class LedgerLine:
    """What became of one delivered file. Amounts in the currency of the rows; times in UTC."""

    load_id: str
    feed: str
    batch_id: str
    file_path: str  # relative to the landing folder
    delivery_date: date
    file_bytes: int
    file_mtime_ns: int
    status: Status
    verdict: Literal["pass", "warn", "fail"]
    attempt: int = 0  # how often the file was replayed; the last attempt that loaded counts
    layout: str | None = None
    exported_at: datetime | None = None
    reason: str | None = None
    rows_received: int = 0
    rows_loaded: int = 0
    rows_quarantined: int = 0
    rows_suppressed: int = 0  # left out: about nobody but an erased person
    rows_anonymised: int = 0  # loaded without the erased person they led to
    net_amount_received: Decimal | None = None
    net_amount_loaded: Decimal | None = None
    net_amount_quarantined: Decimal | None = None
    event_date_min: date | None = None
    event_date_max: date | None = None
    checks: tuple[dict[str, Any], ...] = field(default=(), repr=False)
    warnings: tuple[str, ...] = ()
    loaded_at: datetime | None = None  # wall clock, for the audit only
    code_version: str = ""

    def as_json(self) -> dict[str, Any]:
        """The line as JSON types: dates and times ISO 8601, amounts as text."""
        return {name: _plain(value) for name, value in vars(self).items()}


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return list(value) if isinstance(value, tuple) else value


def ledger_folder(lake: Path, feed: str) -> Path:
    """Where the ledger files of a feed lie."""
    return lake / "ledger" / feed


def ledger_text(lines: Iterable[LedgerLine]) -> str:
    """A ledger file as it is written: one JSON object a line."""
    return "".join(json.dumps(line.as_json(), ensure_ascii=False) + "\n" for line in lines)


def commit(lake: Path, lines: Iterable[LedgerLine]) -> None:
    """Write the ledger file of a batch; if another run committed the same batch, leave that one."""
    lines = list(lines)
    target = ledger_folder(lake, lines[0].feed) / f"{lines[0].batch_id}.jsonl"
    target.parent.mkdir(parents=True, exist_ok=True)
    text = ledger_text(lines)
    aside = target.with_name(f".{target.name}.{os.getpid()}")
    with aside.open("w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    try:
        os.link(aside, target)  # fails if the name is taken, where a rename would replace it
    except FileExistsError:
        pass
    finally:
        aside.unlink()


def recent_lines(lake: Path, number: int) -> list[dict[str, Any]]:
    """So many lines of the batches committed last, of all feeds, newest first."""
    files = [
        (path.stat().st_mtime_ns, path.name, path)
        for path in (lake / "ledger").glob("*/*.jsonl")
        if not path.name.startswith(".")
    ]
    lines: list[dict[str, Any]] = []
    for *_, path in sorted(files, reverse=True):
        if len(lines) >= number:
            break
        lines += [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return lines[:number]


def read_ledger(lake: Path, feed: str) -> list[dict[str, Any]]:
    """Every ledger line of a feed, in the order of batch and file."""
    lines = []
    for path in sorted(ledger_folder(lake, feed).glob("*.jsonl")):
        lines += [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return lines


def attempts(lake: Path, feed: str) -> dict[tuple[str, int, int], dict[str, Any]]:
    """The ledger line that counts of every file that was taken, by path, size and time."""
    lines = read_ledger(lake, feed)
    lines.sort(key=lambda line: (line["status"] != "rejected", line["attempt"]))
    return {(line["file_path"], line["file_bytes"], line["file_mtime_ns"]): line for line in lines}


def restate(lake: Path, feed: str, batch_id: str, left_out: Mapping[str, int]) -> None:
    """Note rows, per load id, that an erasure took out of a batch: they are suppressed now."""
    path = ledger_folder(lake, feed) / f"{batch_id}.jsonl"
    if not path.exists():  # the remains of a crash: nobody counts on its rows
        return
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    for line in lines:
        if line["status"] == "loaded" and (gone := left_out.get(line["load_id"], 0)):
            line["rows_loaded"] -= gone
            line["rows_suppressed"] = line.get("rows_suppressed", 0) + gone
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    with aside.open("w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(aside, path)
