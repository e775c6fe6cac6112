"""Purging customers' words whose keeping period is over: listed first, approved, proved and logged.

What may go is said by ``rpt_verbatim_retention`` of the published version; the approval comes with
``ref_retention``. A purge blanks the words in sealed files, vault and lake and keeps the record:
its date, store, score and type still count. The log, ``<home>/purges/<number>.json``, names records
and files and holds no words.
"""

import csv
import gzip
import hashlib
import io
import json
import logging
import secrets
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from regulars.errors import RegularsError
from regulars.feeds.contract import Contract, load_contract
from regulars.privacy.archive import Archive
from regulars.privacy.classes import REF, protection
from regulars.privacy.door import ANONYMOUS, hidden_number
from regulars.privacy.erasure import records_in
from regulars.privacy.keys import load_keys
from regulars.privacy.vault import Rewritten, Vault, file_hash, write_parquet
from regulars.settings import Settings
from regulars.store import landed_copies, pull

log = logging.getLogger(__name__)

# Whose words they are in ``fct_feedback``, and the feed that brings them.
_FEEDS = {"complaint": "complaints", "survey": "survey_responses", "record": "ref_feedback"}
_DELIMITERS = ",;\t|"
_NO_TEXT = pa.scalar(None, pa.string())


@dataclass(frozen=True)
class Due:
    """A text whose keeping period is over; without an approval it stays."""

    feedback_id: str
    captured_date: date
    keep_until_date: date
    approved_by: str | None
    approved_date: date | None


@dataclass
class _Words:
    """What is to go of one feed: record keys as the lake has them, and their texts."""

    texts: dict[tuple[str, ...], set[str]] = field(default_factory=lambda: defaultdict(set))
    hide: Callable[[str], str] | None = None

    def __post_init__(self) -> None:
        self._by_part: dict[str, set[tuple[str, ...]]] = {}

    def find(self, values: Sequence[str]) -> set[str]:
        """The texts that go out of a record with these values."""
        if not self._by_part:
            for key in self.texts:
                for part in key:
                    self._by_part.setdefault(part, set()).add(key)
        held = {value.strip() for value in values}
        if self.hide is not None:
            held |= {self.hide(value) for value in held}
        keys = {key for value in held for key in self._by_part.get(value, ())}
        found: set[str] = set()
        for key in keys:
            if held.issuperset(key):
                found |= self.texts[key]
        return found


def due(settings: Settings) -> list[Due]:
    """What may go, by the published version: the dry run of a purge.

    Raises:
        RegularsError: nothing is published yet.
    """
    path = settings.published / "current" / "regulars.duckdb"
    if not path.exists():
        raise RegularsError("nothing is published yet, so nothing is known to be due; build first")
    names = ", ".join(Due.__dataclass_fields__)
    with duckdb.connect(path, read_only=True) as connection:
        rows = connection.execute(
            f"select {names} from rpt_verbatim_retention where status = 'purgeable' order by all"
        ).fetchall()
    return [Due(*row) for row in rows]


def purge(settings: Settings, rebuild: Callable[[], None]) -> dict[str, Any] | None:
    """Purge what is due and approved, prove it and log it.

    Args:
        settings: the home.
        rebuild: builds and publishes anew and drops the versions before; called without any lock
            once the sources are clean.

    Returns:
        The log of the purge; None if nothing is due and approved.

    Raises:
        RegularsError: nothing is published, or the keys or a file are damaged. Run again, it
            finishes what was cut off.
    """
    pull(settings)
    going = [text for text in due(settings) if text.approved_by is not None]
    if not going:
        return None
    ring = load_keys(settings)
    vault, archive = Vault(settings, ring), Archive(settings, ring)
    hide = hidden_number(ring)
    rewritten: list[Rewritten] = []
    refs: set[str] = set()
    remaining: list[str] = []
    with vault.alone():
        for contract in map(load_contract, _FEEDS.values()):
            wanted = {text.feedback_id for text in going}
            words, gone = _gathered(settings, contract, wanted, vault, hide)
            gone |= _held_back(settings, contract, wanted, vault)
            rewritten += _purge_archive(settings, archive, contract.feed, words)
            rewritten += vault.destroy_refs(sorted(gone))
            rewritten += _purge_lake(settings, contract, wanted)
            remaining += _still_landed(settings, contract.feed, words)
            refs |= gone
            remaining += [f"vault, {ref}" for ref in sorted(gone - {*vault.missing_of(gone)})]
    number = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}"
    entry = {
        "purge": number,
        "purged_at": datetime.now(UTC).isoformat(),
        "data_group": "verbatim",
        "approvals": _approvals(going),
        "records": [text.feedback_id for text in going],
        "values_destroyed": len(refs),
        "removed": [asdict(done) for done in rewritten],
        "is_complete": not remaining,
        "remaining": remaining,
    }
    _write(settings.home / "purges" / f"{number}.json", entry)
    log.info("purge %s: %d texts, %d files rewritten", number, len(going), len(rewritten))
    rebuild()
    return entry


def _approvals(going: Iterable[Due]) -> list[dict[str, Any]]:
    """Per approval what it let go."""
    by: dict[tuple[str, date], list[Due]] = defaultdict(list)
    for text in going:
        by[text.approved_by, text.approved_date].append(text)
    return [
        {
            "approved_by": who,
            "approved_date": day.isoformat(),
            "texts": len(texts),
            "captured_from": min(text.captured_date for text in texts).isoformat(),
            "captured_to": max(text.captured_date for text in texts).isoformat(),
        }
        for (who, day), texts in sorted(by.items())
    ]


def _gathered(
    settings: Settings,
    contract: Contract,
    wanted: set[str],
    vault: Vault,
    hide: Callable[[str], str],
) -> tuple[_Words, set[str]]:
    """The words that go, and the refs of the vault that no other row needs."""
    going: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    staying: set[str] = set()
    words = _Words()
    for path in _files(settings, contract.feed):
        rows = pq.read_table(path, partitioning=None)
        anonymous = rows[ANONYMOUS].to_pylist() if ANONYMOUS in rows.column_names else ()
        if any(anonymous):
            words.hide = hide
        for identifier, key, ref in zip(
            _feedback_ids(rows, contract), _keys(rows, contract), rows[REF].to_pylist(), strict=True
        ):
            if identifier not in wanted:
                staying.add(ref)
            elif ref is not None:
                going[ref].add(key)
    for row in vault.read_refs(sorted(going)).to_pylist():
        texts = [text for text in json.loads(row["content"]).values() if isinstance(text, str)]
        for key in going[row["ref"]]:
            words.texts[key].update(text for text in texts if text.strip())
    return words, set(going) - staying


def _held_back(settings: Settings, contract: Contract, wanted: set[str], vault: Vault) -> set[str]:
    """Refs of lines in quarantine that were to be one of these records; place and reason stay.

    Those of anonymous answers bear another key than the record and are not found by it.
    """
    kind = next(kind for kind, feed in _FEEDS.items() if feed == contract.feed)
    found: set[str] = set()
    for path in sorted((settings.lake / "quarantine" / contract.feed).glob("*.parquet")):
        for row in pq.read_table(path, columns=["row_key", REF]).to_pylist():
            key = (row["row_key"] or "").replace("|", "/")
            if row[REF] and f"{kind}/{key}" in wanted:
                found.add(row[REF])
    return found & {row["ref"] for row in vault.read_refs(sorted(found)).to_pylist()}


def _purge_lake(settings: Settings, contract: Contract, wanted: set[str]) -> list[Rewritten]:
    done = []
    columns = (*protection(contract).texts, REF)
    for path in _files(settings, contract.feed):
        rows = pq.read_table(path, partitioning=None)
        those = pa.array([name in wanted for name in _feedback_ids(rows, contract)])
        present = [name for name in columns if name in rows.column_names]
        filled = pa.repeat(False, rows.num_rows)
        for name in present:
            filled = pc.or_(filled, pc.is_valid(rows[name].combine_chunks()))
        count = pc.sum(pc.and_(those, filled)).as_py()
        if not count:
            continue
        before = file_hash(path)
        left = rows
        for name in present:
            values = pc.if_else(those, _NO_TEXT, rows[name].combine_chunks())
            left = left.set_column(left.column_names.index(name), name, values)
        write_parquet(path, left.cast(rows.schema), even_empty=True)
        done.append(Rewritten(_shown(settings, path), count, before, file_hash(path)))
    return done


def _purge_archive(
    settings: Settings, archive: Archive, feed: str, words: _Words
) -> list[Rewritten]:
    done = []
    for path in archive.files() if words.texts else ():
        if archive.describe(path).file_path.split("/")[0] != feed:
            continue
        with archive.opened(path) as clear:
            if count := blank_words(clear, words.find):
                before = file_hash(path)
                new = archive.replace(path, clear)
                done.append(Rewritten(_shown(settings, new), count, before, file_hash(new)))
    return done


def _still_landed(settings: Settings, feed: str, words: _Words) -> list[str]:
    """Landed files that hold the words: they are others' to mend, or wait for their night."""
    if not words.texts:
        return []
    found = set()
    with (
        tempfile.TemporaryDirectory(dir=settings.vault, prefix=".opened-") as folder,
        landed_copies(settings, feed) as objects,
    ):
        for landing in (settings.landing, objects):
            for path in (landing / feed).glob("*/*"):
                if path.is_file() and not path.is_symlink():
                    copy = Path(folder) / path.name
                    copy.write_bytes(path.read_bytes())
                    if blank_words(copy, words.find):
                        found.add(f"landing, {path.relative_to(landing).as_posix()}")
                    copy.unlink()
    return sorted(found)


def _files(settings: Settings, feed: str) -> list[Path]:
    """Lake files of a feed that have words: a file lacks the columns none of its rows had."""
    found = sorted((settings.lake / feed).glob("*.parquet"))
    return [path for path in found if REF in pq.read_schema(path).names]


def _keys(rows: pa.Table, contract: Contract) -> Iterator[tuple[str, ...]]:
    parts = [rows[name].cast(pa.string()).to_pylist() for name in contract.key]
    return zip(*parts, strict=True)


def _feedback_ids(rows: pa.Table, contract: Contract) -> Iterator[str]:
    """Per row its ``feedback_id`` in ``fct_feedback``; of anonymous rows the hash."""
    kind = next(kind for kind, feed in _FEEDS.items() if feed == contract.feed)
    hashed = pa.repeat(False, rows.num_rows)
    if kind == "survey" and ANONYMOUS in rows.column_names:
        hashed = pc.fill_null(rows[ANONYMOUS].combine_chunks(), False)
    for key, is_hashed in zip(_keys(rows, contract), hashed.to_pylist(), strict=True):
        name = "/".join(key)
        if is_hashed:
            name = hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()
        yield f"{kind}/{name}"


def blank_words(path: Path, find: Callable[[Sequence[str]], set[str]]) -> int:
    """Blank words in a clear file, in place; in how many records.

    Args:
        path: text of separated values or JSON lines, packed or not, a workbook or Parquet.
        find: from the values of a record, the texts that go.
    """
    if path.suffix == ".parquet":
        return _blank_parquet(path, find)
    if path.suffix == ".xlsx":
        return _blank_workbook(path, find)
    packed = path.suffix == ".gz"
    data = gzip.decompress(path.read_bytes()) if packed else path.read_bytes()
    is_json = ".jsonl" in path.name or path.suffix == ".json"
    wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    for code in ("utf-16",) if wide else ("utf-8", "gb18030", "big5"):
        try:
            text = data.decode(code)
        except UnicodeDecodeError:
            continue
        found, kept = 0, []
        for record in records_in(text, is_json):
            blank = _blank_json(record, find) if is_json else _blank_csv(record, find)
            found += blank is not None
            kept.append(record if blank is None else blank)
        if found:
            data = "".join(kept).encode(code)
            path.write_bytes(gzip.compress(data, mtime=0) if packed else data)
            return found
    return 0


def _blank_csv(record: str, find: Callable[[Sequence[str]], set[str]]) -> str | None:
    end = record[len(record.rstrip("\r\n")) :]
    for delimiter in _DELIMITERS:
        if delimiter not in record:
            continue
        fields = next(csv.reader(io.StringIO(record, newline=""), delimiter=delimiter), [])
        left = _blanked(fields, find)
        if left is not None:
            made = io.StringIO(newline="")
            csv.writer(made, delimiter=delimiter, lineterminator=end).writerow(left)
            return made.getvalue()
    return None


def _blank_json(record: str, find: Callable[[Sequence[str]], set[str]]) -> str | None:
    try:
        held = json.loads(record)
    except ValueError:
        return None
    if not isinstance(held, dict):
        return None
    left = _blanked(list(held.values()), find)
    if left is None:
        return None
    end = record[len(record.rstrip("\r\n")) :]
    return json.dumps(dict(zip(held, left, strict=True)), ensure_ascii=False) + end


def _blank_workbook(path: Path, find: Callable[[Sequence[str]], set[str]]) -> int:
    book = openpyxl.load_workbook(path)
    found = 0
    for sheet in book.worksheets:
        for cells in sheet.iter_rows():
            left = _blanked([cell.value for cell in cells], find)
            if left is not None:
                found += 1
                for cell, value in zip(cells, left, strict=True):
                    cell.value = value
    if found:
        book.save(path)
    return found


def _blank_parquet(path: Path, find: Callable[[Sequence[str]], set[str]]) -> int:
    rows = pq.read_table(path, partitioning=None)
    found, kept = 0, []
    for row in rows.to_pylist():
        left = _blanked(list(row.values()), find)
        found += left is not None
        kept.append(row if left is None else dict(zip(row, left, strict=True)))
    if found:
        pq.write_table(pa.Table.from_pylist(kept, rows.schema), path)
    return found


def _blanked(values: Sequence[Any], find: Callable[[Sequence[str]], set[str]]) -> list | None:
    """The values of a record without the words that go; None where there are none."""
    going = {text.strip() for text in find([str(v) for v in values if v is not None])}
    # A number in a workbook may be a text in the lake; words are texts in both.
    those = [isinstance(value, str) and value.strip() in going for value in values]
    if not any(those):
        return None
    blank = "" if all(isinstance(value, str) for value in values) else None
    return [blank if goes else value for value, goes in zip(values, those, strict=True)]


def _write(path: Path, entry: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(".aside")
    aside.write_text(json.dumps(entry, indent=2, ensure_ascii=False) + "\n", "utf-8")
    aside.replace(path)


def _shown(settings: Settings, path: Path) -> str:
    return path.relative_to(settings.home).as_posix()
