"""Load delivered files into the lake: find what is new, check it, write it, commit it."""

import fcntl
import hashlib
import logging
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pandas
import pyarrow
from pyarrow import parquet

from regulars.code_version import code_version
from regulars.errors import RegularsError
from regulars.feeds.contract import Contract, feeds_like, lake_columns, load_contract
from regulars.feeds.delivery import (
    FORMATS,
    Delivered,
    FileRejectedError,
    Manifest,
    check_place,
    find_deliveries,
    is_complete,
    read_manifest,
)
from regulars.feeds.landed import Arrivals, restore_landed
from regulars.feeds.layout import Layout, load_layout
from regulars.feeds.ledger import LedgerLine, attempts, commit, ledger_text, read_ledger
from regulars.feeds.opening import Form, Limits, open_delivered
from regulars.feeds.quarantine import Quarantined, locate
from regulars.feeds.quarantine import write as write_quarantine
from regulars.feeds.reader import (
    PARQUET,
    Reader,
    Source,
    Summary,
    check_header,
    list_files,
    shortened,
)
from regulars.feeds.sql import identifier, literal
from regulars.feeds.straight import StraightReader
from regulars.privacy.door import Door, open_door
from regulars.quality.suite import Check, judge, load_feed_suite
from regulars.settings import Settings, load_settings
from regulars.store import pull, store_of

log = logging.getLogger(__name__)

# What one file may cause and must not cost the others; a full disk or memory is no file's fault.
_FILE_FAULTS = (
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
    duckdb.ProgrammingError,
    duckdb.DataError,
    PermissionError,
)
# Starting a task costs as much as loading so many bytes.
PACK_BYTES = 8 * 1024 * 1024
# Rows that go through the door together: enough to be cheap, few enough for any memory.
_PROTECT_ROWS = 250_000


def find_batches(
    feeds: Sequence[str], date_from: date | None, date_to: date, *, replay: bool = False
) -> list[dict[str, Any]]:
    """Complete files that the ledger does not know yet, in batches for ``load_batch``.

    Args:
        feeds: folder names below the landing folder, or patterns of them such as ``ref_*``.
        date_from: first delivery date to look at; None looks at all, so late files are found.
        date_to: last delivery date to look at.
        replay: take, instead of new files, those that were rejected or left rows in quarantine: a
            contract, a rule or a layout has been mended.

    Returns:
        JSON-able batches of one feed each, files in the order of delivery date and name.
    """
    settings = load_settings()
    pull(settings)
    arrivals = Arrivals(settings)
    batches = []
    for feed in feeds_like(feeds):
        known = attempts(settings.lake, feed)

        def is_wanted(file: tuple[str, int, int], known=known) -> bool:
            before = known.get(file)
            return before is not None and _waits(before) if replay else before is None

        arrivals.pull(feed, is_wanted, date_from, date_to)
        if replay:
            restore_landed(settings, filter(_waits, known.values()))
        files: list[Delivered] = []
        for delivered in find_deliveries(
            settings.landing, feed, date_from, date_to, settings.max_delivery_files
        ):
            before = known.get((delivered.path, delivered.bytes, delivered.mtime_ns))
            if replay:
                if before is None or not _waits(before):
                    continue
                delivered = replace(delivered, attempt=before["attempt"] + 1)
            elif before is not None:
                continue
            if not is_complete(settings.landing, delivered, settings.settle_seconds):
                log.warning("%s is still being written; the next run takes it", delivered.path)
                continue
            full = sum(f.bytes for f in files) + delivered.bytes > settings.batch_bytes
            if files and (full or len(files) == settings.batch_files):
                batches.append(_batch(feed, files))
                files = []
            files.append(delivered)
        if files:
            batches.append(_batch(feed, files))
    return batches


def _waits(line: dict[str, Any]) -> bool:
    """Whether anything of a file could still be loaded."""
    return line["status"] == "rejected" or line["rows_quarantined"] > 0


def _batch(feed: str, files: Sequence[Delivered]) -> dict[str, Any]:
    return {
        "feed": feed,
        "files": [asdict(f) | {"delivery_date": f.delivery_date.isoformat()} for f in files],
    }


def pack(batches: Sequence[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Batches that are worth a task of their own apart, small ones together, in their order."""
    packs: list[list[dict[str, Any]]] = []
    packed = 0
    for batch in batches:
        size = sum(file["bytes"] for file in batch["files"])
        if not packs or packed + size > PACK_BYTES:
            packs.append([])
            packed = 0
        packs[-1].append(batch)
        packed += size
    return packs


def load_batch(batch: dict[str, Any]) -> list[dict[str, Any]]:
    """Load one batch and commit it to the ledger.

    A bad row is quarantined and a bad file rejected; neither stops the others. Loading a batch
    again changes nothing.

    Returns:
        The ledger lines of the batch without their checks, JSON-able.
    """
    settings = load_settings()
    files = [
        Delivered(**f | {"delivery_date": date.fromisoformat(f["delivery_date"])})
        for f in batch["files"]
    ]
    lines = _Load(settings, load_contract(batch["feed"]), files).run()
    return [{k: v for k, v in line.as_json().items() if k != "checks"} for line in lines]


class _Load:
    """One batch on its way from landing to lake."""

    def __init__(self, settings: Settings, contract: Contract, files: Sequence[Delivered]):
        self.settings = settings
        self.contract = contract
        self.files = files
        self.suite = load_feed_suite(contract.feed)
        self.known = {
            line["load_id"]: line
            for line in read_ledger(settings.lake, contract.feed)
            if line["status"] == "loaded"
        }
        self.has_money = contract.column("net_amount") is not None

    def run(self) -> list[LedgerLine]:
        """Load, protect, write, commit."""
        with _aside(self.settings.lake) as aside, open_door(self.settings, self.contract) as door:
            return self._run(aside, door)

    def _run(self, aside: Path, door: Door) -> list[LedgerLine]:
        lines: dict[int, LedgerLine] = {}
        sources: dict[str, Source] = {}
        copies: list[Source] = []
        warnings: dict[int, list[str]] = {}
        with ThreadPoolExecutor(self.settings.threads) as threads:
            opening = [
                threads.submit(self._open, number, delivered, aside)
                for number, delivered in enumerate(self.files)
            ]
        for number, (delivered, opened) in enumerate(zip(self.files, opening, strict=True)):
            try:
                source, warnings[number] = opened.result()
            except FileNotFoundError:
                log.warning("%s is gone; it is taken when it is delivered again", delivered.path)
            except (FileRejectedError, RegularsError) as error:
                lines[number] = self._rejected(delivered, str(error))
            except _FILE_FAULTS as error:
                log.exception("%s", delivered.path)
                lines[number] = self._rejected(delivered, _fault(error))
            else:
                before = () if delivered.attempt else self.known
                if source.opened.load_id in {*before, *sources}:
                    copies.append(source)
                else:
                    sources[source.opened.load_id] = source
        loaded = _Loaded(lines, [], [])
        self._load(list(sources.values()), warnings, aside, loaded)
        for source in copies:
            load_id = source.opened.load_id
            original = self.known.get(load_id)
            if original is None:
                line = lines[sources[load_id].file_no]
                if line.status == "rejected":
                    lines[source.file_no] = _rejected_alike(line, source.delivered)
                    continue
                original = line.as_json()
            lines[source.file_no] = self._copy(source, original)
        if not lines:
            return []
        in_order = [lines[number] for number in sorted(lines)]
        batch_id = self._batch_id(in_order)
        loaded_at = datetime.now(UTC).replace(tzinfo=None)
        of_erased = self._keep(aside, batch_id, loaded, door)
        done = [
            replace(_without(line, of_erased), batch_id=batch_id, loaded_at=loaded_at)
            for line in in_order
        ]
        store = store_of(self.settings)
        if store and not store.commit(
            self.contract.feed, batch_id, ledger_text(done).encode("utf-8")
        ):
            store.pull()
        else:
            commit(self.settings.lake, done)
        return done

    def _open(self, number: int, delivered: Delivered, aside: Path) -> tuple[Source, list[str]]:
        """Everything about a file that can be known before its rows are read, and warnings."""
        landing, settings = self.settings.landing, self.settings
        if delivered.format is None:
            raise FileRejectedError(f"the ending is none of {', '.join(FORMATS)}")
        manifest = read_manifest(landing, delivered)
        layout = self._layout(manifest)
        form = layout.form if layout else Form()
        limits = Limits(settings.max_file_bytes, settings.max_file_rows)
        opened = open_delivered(landing, delivered, form, limits, aside, str(number))
        if manifest.sha256 and manifest.sha256.lower() != opened.sha256:
            raise FileRejectedError(
                f"the manifest states sha256 {manifest.sha256[:64]}, the file has {opened.sha256};"
                " deliver it again"
            )
        warnings = []
        if unknown := check_header(self.contract, opened, layout):
            warnings.append(
                f"not in the contract, values are not kept: column {shortened(unknown)}"
            )
        if unread := sorted(manifest.model_extra or ()):
            warnings.append(f"the manifest states what is not checked: {shortened(unread)}")
        return Source(number, delivered, manifest, layout, opened), warnings

    def _layout(self, manifest: Manifest) -> Layout | None:
        name = manifest.layout or self.settings.layouts.get(self.contract.feed)
        if name is None:
            return None
        layout = load_layout(name, self.settings.layouts_folder)
        if layout.feed != self.contract.feed:
            raise FileRejectedError(f"layout {name} is for {layout.feed}, not {self.contract.feed}")
        return layout

    def _load(
        self,
        sources: Sequence[Source],
        warnings: dict[int, list[str]],
        aside: Path,
        loaded: "_Loaded",
    ) -> None:
        """Load together; where that meets an unforeseen fault, one by one to find the culprit."""
        if not sources:
            return
        try:
            part = self._load_together(sources, warnings, aside, len(loaded.parts))
        except _FILE_FAULTS as error:
            if len(sources) > 1:
                log.warning("loading %d files one by one after %r", len(sources), error)
                for source in sources:
                    self._load([source], warnings, aside, loaded)
                return
            (source,) = sources
            log.exception("%s", source.delivered.path)
            loaded.lines[source.file_no] = self._rejected(source.delivered, _fault(error))
        else:
            loaded.lines.update(part.lines)
            loaded.quarantined.extend(part.quarantined)
            loaded.parts.extend(part.parts)

    def _load_together(
        self,
        sources: Sequence[Source],
        warnings: dict[int, list[str]],
        aside: Path,
        number: int,
    ) -> "_Loaded":
        """Read, judge and write aside."""
        with self._connect(aside) as connection:
            list_files(connection, sources)
            straight = StraightReader(connection, self.contract, self.settings.max_line_bytes)
            clean = straight.read(sources, _made(aside / str(number)))
            rest = [s for s in sources if s not in clean]
            careful = Reader(connection, self.contract, self.settings.max_line_bytes)
            failures = careful.read(rest) if rest else {}
            readable = [s for s in rest if s.file_no not in failures]
            readers: dict[int, StraightReader | Reader] = {s.file_no: straight for s in clean}
            readers |= {s.file_no: careful for s in rest}
            summaries, bad_rows = careful.summaries() | straight.summaries(), careful.bad_rows()
            quarantined = {
                s.file_no: list(locate(s, bad_rows[s.file_no], careful.rejects[s.file_no]))
                for s in readable
                if bad_rows[s.file_no] or careful.rejects[s.file_no].records
            }
            checks = self._judge([straight, careful], [*clean, *readable])
            lines: dict[int, LedgerLine] = {}
            for source in sources:
                file_no, judged = source.file_no, checks.get(source.delivered.path, [])
                found = quarantined.get(file_no, [])
                if file_no not in failures:
                    failures |= _unfound(source, summaries[file_no], careful, found)
                line = self._line(source, summaries[file_no], found, judged, warnings[file_no])
                if file_no not in failures:
                    failures |= self._failure(source, readers[file_no], line, found, judged)
                if file_no in failures:
                    line = _refused(line, f"{line.file_path}: {failures[file_no]}")
                lines[file_no] = line
            accepted = [s for s in sources if s.file_no not in failures]
            parts = [
                *straight.write([s for s in accepted if s in clean], aside / f"clean-{number}"),
                *careful.write([s for s in accepted if s in rest], aside / f"rest-{number}"),
            ]
        held = [q for s in accepted for q in quarantined.get(s.file_no, ())]
        return _Loaded(lines, held, parts)

    def _connect(self, aside: Path) -> duckdb.DuckDBPyConnection:
        """An empty database in memory that keeps the order of rows."""
        connection = duckdb.connect(
            config={
                "threads": self.settings.threads,
                "memory_limit": self.settings.memory_limit,
                "temp_directory": str(aside),
                "autoinstall_known_extensions": False,
            }
        )
        connection.execute("set timezone = 'UTC'")
        # Filters would else keep a file's last rows back until after the next file's, and rows are
        # told apart by their place. For the same reason no join stands between file and table.
        connection.execute("set enable_caching_operators = false")
        return connection

    def _judge(
        self, readers: Sequence[StraightReader | Reader], readable: Sequence[Source]
    ) -> dict[str, list[Check]]:
        """Run the feed's suite over the profile of every file; checks by file path."""
        checks = {s.delivered.path: [] for s in readable}
        profiles = [p for p in (reader.profile(self.suite) for reader in readers) if len(p)]
        if profiles:
            profile = pandas.concat(profiles, ignore_index=True)
            for check in judge(self.suite, self.contract.feed, profile):
                checks[check.subject].append(check)
        for path, found in checks.items():
            if not found:
                found.append(_no_rows(self.suite.suite, path))
        return checks

    def _failure(
        self,
        source: Source,
        reader: StraightReader | Reader,
        line: LedgerLine,
        quarantined: Sequence[Quarantined],
        checks: Sequence[Check],
    ) -> dict[int, str]:
        """Why a file that could be read is not loaded all the same, if so."""
        reasons = []
        stated = source.manifest.rows
        if stated is not None and stated != line.rows_received:
            reasons.append(f"the manifest states {stated} rows, the file has {line.rows_received}")
        for name, total in (source.manifest.control_totals or {}).items():
            column = self.contract.column(name)
            if column is None or not column.type.startswith(("decimal", "int")):
                reasons.append(f"the manifest states a total of {name}, which is no number column")
            elif (found := reader.total(source.file_no, name)) != total:
                reasons.append(f"the manifest states {name} {total}, the file has {found}")
        for check in checks:
            if not check.success and check.severity == "critical":
                reasons.append(f"{check.column} is {check.observed}: {check.reason}")
        if reasons and quarantined:
            first = quarantined[0]
            reasons.append(f"first bad line {first.physical_line}: {first.reason}")
        return {source.file_no: "; ".join(reasons)} if reasons else {}

    def _line(
        self,
        source: Source,
        summary: Summary,
        quarantined: Sequence[Quarantined],
        checks: Sequence[Check],
        warnings: Sequence[str],
    ) -> LedgerLine:
        zero = Decimal("0.00") if self.has_money else None
        amount, good_amount = summary.net_amount or zero, summary.good_net_amount or zero
        return replace(
            self._blank(source.delivered, source.opened.load_id),
            verdict=_verdict(checks),
            layout=source.layout.layout if source.layout else None,
            exported_at=source.manifest.exported_at,
            rows_received=summary.good_rows + len(quarantined),
            rows_loaded=summary.good_rows,
            rows_quarantined=len(quarantined),
            net_amount_received=amount,
            net_amount_loaded=good_amount,
            net_amount_quarantined=None if amount is None else amount - good_amount,
            event_date_min=summary.event_date_min,
            event_date_max=summary.event_date_max,
            checks=tuple(_check_json(c) for c in checks),
            warnings=tuple(warnings),
        )

    def _blank(self, delivered: Delivered, load_id: str) -> LedgerLine:
        return LedgerLine(
            load_id=load_id,
            feed=delivered.feed,
            batch_id="",
            file_path=delivered.path,
            delivery_date=delivered.delivery_date,
            file_bytes=delivered.bytes,
            file_mtime_ns=delivered.mtime_ns,
            status="loaded",
            verdict="pass",
            attempt=delivered.attempt,
            code_version=code_version(),
        )

    def _rejected(self, delivered: Delivered, why: str) -> LedgerLine:
        try:
            with check_place(self.settings.landing, delivered).open("rb") as stream:
                digest = hashlib.file_digest(stream, "sha256")
        except (OSError, FileRejectedError):
            # What may not or cannot be read is known by its path alone.
            digest = hashlib.sha256(delivered.path.encode())
        load_id = digest.hexdigest()[:32]
        return replace(
            self._blank(delivered, load_id),
            status="rejected",
            verdict="fail",
            reason=f"{delivered.path}: {why}",
        )

    def _copy(self, source: Source, original: dict[str, Any]) -> LedgerLine:
        """The line of a file whose content was delivered before: every row is a duplicate."""
        received = original["net_amount_received"]
        return replace(
            self._blank(source.delivered, source.opened.load_id),
            status="duplicate_file",
            reason=f"{source.delivered.path}: the same content as {original['file_path']}",
            layout=source.layout.layout if source.layout else None,
            exported_at=source.manifest.exported_at,
            rows_received=original["rows_received"],
            net_amount_received=None if received is None else Decimal(received),
        )

    def _batch_id(self, lines: Sequence[LedgerLine]) -> str:
        """Newest delivery date and a hash of what the batch holds."""
        held = "\n".join(
            sorted(f"{line.file_path} {line.load_id} {line.attempt}" for line in lines)
        )
        newest = max(line.delivery_date for line in lines)
        return f"{newest.isoformat()}_{hashlib.sha256(held.encode()).hexdigest()[:16]}"

    def _keep(
        self, aside: Path, batch_id: str, loaded: "_Loaded", door: Door
    ) -> Counter[tuple[str, bool]]:
        """Move what was written aside to its place in the lake, invisible until the commit.

        Returns:
            Per load id the rows that led to an erased person, those kept without the person (True)
            and those left out because they were about nobody else (False).
        """
        lake, feed = self.settings.lake, self.contract.feed
        rows, quarantine = aside / "rows.parquet", aside / "quarantine.parquet"
        of_erased: Counter[tuple[str, bool]] = Counter()
        if loaded.parts and door.is_needed:
            of_erased = self._protect(loaded.parts, rows, door)
        elif len(loaded.parts) == 1:
            loaded.parts[0].rename(rows)
        elif loaded.parts:
            with duckdb.connect() as connection:
                connection.execute(
                    f"copy (from {_parquet(loaded.parts)}) to {literal(str(rows))} ({PARQUET})"
                )
        if loaded.quarantined:
            write_quarantine(quarantine, loaded.quarantined, door)
        door.commit(batch_id)
        for written, folder in ((rows, lake / feed), (quarantine, lake / "quarantine" / feed)):
            if written.exists():
                with written.open("rb") as stream:
                    os.fsync(stream.fileno())
                os.replace(written, _made(folder) / f"{batch_id}.parquet")
        return of_erased

    def _protect(self, parts: Sequence[Path], path: Path, door: Door) -> Counter[tuple[str, bool]]:
        """Write the rows of ``parts`` as they may lie in the lake; returns as ``_keep``."""
        of_erased: Counter[tuple[str, bool]] = Counter()
        names = [identifier(name) for name, _ in lake_columns(self.contract)]
        nulls = ", ".join(
            f"cast(null as {kind}) as {identifier(name)}"
            for name, kind in lake_columns(self.contract)
        )
        door.expect(sum(parquet.read_metadata(part).num_rows for part in parts))
        with door.connect() as connection, ExitStack() as written:
            connection.execute("set timezone = 'UTC'")
            clear = connection.execute(
                f"select {', '.join(names)} from"
                f" (from {_parquet(parts)} union all by name select {nulls} where false)"
            ).to_arrow_reader(_PROTECT_ROWS)
            writer = None
            for rows in clear:
                protected = door.protect(pyarrow.Table.from_batches([rows]))
                erased = rows["load_id"].filter(protected.is_erased)
                is_kept = protected.is_kept.filter(protected.is_erased)
                for load_id, kept in zip(erased.to_pylist(), is_kept.to_pylist(), strict=True):
                    of_erased[load_id, kept] += 1
                if writer is None:
                    writer = written.enter_context(
                        parquet.ParquetWriter(path, protected.rows.schema, compression="zstd")
                    )
                writer.write_table(protected.rows)
        return of_erased


@dataclass
class _Loaded:
    """What the files of a batch gave so far: ledger lines, quarantine, Parquet files aside."""

    lines: dict[int, LedgerLine]
    quarantined: list[Quarantined]
    parts: list[Path]


def _unfound(
    source: Source, summary: Summary, reader: Reader, quarantined: Sequence[Quarantined]
) -> dict[int, str]:
    """Why a file cannot be trusted whose bad records were not all found in it again, if so."""
    bad = summary.rows - summary.good_rows + reader.rejects[source.file_no].rows
    if bad == len(quarantined):
        return {}
    return {source.file_no: f"has {bad} bad records of which {len(quarantined)} could be located"}


def _without(line: LedgerLine, of_erased: Counter[tuple[str, bool]]) -> LedgerLine:
    """The line of a file with the rows of erased persons told apart; the lake lacks some."""
    if line.status != "loaded":
        return line
    count = of_erased[line.load_id, False]
    return replace(
        line,
        rows_loaded=line.rows_loaded - count,
        rows_suppressed=count,
        rows_anonymised=of_erased[line.load_id, True],
    )


def _fault(error: Exception) -> str:
    return f"could not be read ({type(error).__name__}: {' '.join(str(error).split())[:300]})"


def _rejected_alike(line: LedgerLine, delivered: Delivered) -> LedgerLine:
    """The line of a copy of a rejected file."""
    return replace(
        line,
        file_path=delivered.path,
        delivery_date=delivered.delivery_date,
        file_bytes=delivered.bytes,
        file_mtime_ns=delivered.mtime_ns,
        reason=(line.reason or "").replace(line.file_path, delivered.path, 1),
    )


def _refused(line: LedgerLine, reason: str) -> LedgerLine:
    """The line of a file that was read and is held back whole."""
    return replace(
        line,
        status="rejected",
        verdict="fail",
        reason=reason,
        rows_loaded=0,
        rows_quarantined=line.rows_received,
        net_amount_loaded=None if line.net_amount_loaded is None else Decimal("0.00"),
        net_amount_quarantined=line.net_amount_received,
    )


def _verdict(checks: Sequence[Check]) -> str:
    failed = {check.severity for check in checks if not check.success}
    return "fail" if "critical" in failed else "warn" if failed else "pass"


def _no_rows(suite: str, path: str) -> Check:
    reason = "the file holds a header and no rows; deliver at least one row, or no file"
    return Check(suite, suite, path, "profile_has_rows", "rows", "critical", False, "0", reason)


def _check_json(check: Check) -> dict[str, Any]:
    names = ("suite", "expectation", "column", "severity", "success", "observed", "reason")
    return {name: getattr(check, name) for name in names}


@contextmanager
def _aside(lake: Path) -> Iterator[Path]:
    """A folder for what is not yet, or must never be, in the lake.

    Whoever works in one holds it locked: what a killed process left behind, which may be people's
    data in the clear, goes when the next one comes. Numbers of processes would not do: workers in
    containers share the lake, and each counts its own.
    """
    folder = _made(lake / ".aside")
    with ExitStack() as held:
        with _locked(folder, fcntl.LOCK_EX):
            for left in folder.iterdir():
                with suppress(BlockingIOError), _locked(left, fcntl.LOCK_EX | fcntl.LOCK_NB):
                    shutil.rmtree(left, ignore_errors=True)
            aside = Path(held.enter_context(tempfile.TemporaryDirectory(dir=folder)))
            held.enter_context(_locked(aside, fcntl.LOCK_SH))
        yield aside


@contextmanager
def _locked(folder: Path, how: int) -> Iterator[None]:
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, how)
        yield
    finally:
        os.close(handle)


def _parquet(parts: Sequence[Path]) -> str:
    files = ", ".join(literal(str(part)) for part in parts)
    return f"read_parquet([{files}], union_by_name = true)"


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder
