"""One delivered file: where it lies, what its manifest promises, what its bytes are."""

import csv
import gzip
import hashlib
import io
import json
import re
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path, PurePosixPath

FORMATS = ("csv", "csv.gz", "parquet")
MANIFEST_SUFFIX = ".manifest.json"
_CHUNK = 1 << 20
_UTF8_BOM = b"\xef\xbb\xbf"
_UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")
_BLANK_LINE = re.compile(rb"^\r?\n", re.MULTILINE)


class FileRejectedError(Exception):
    """The file cannot be loaded as a whole; the message says why and what to do."""


@dataclass(frozen=True)
class Delivered:
    """A file in the landing folder, before it is opened."""

    feed: str
    path: str  # relative to the landing folder, posix
    delivery_date: date
    bytes: int
    mtime_ns: int

    @property
    def name(self) -> str:
        """File name without its folders."""
        return PurePosixPath(self.path).name

    @property
    def format(self) -> str | None:
        """csv, csv.gz or parquet; None if it is none of them."""
        return next((f for f in FORMATS if self.name.lower().endswith("." + f)), None)


@dataclass(frozen=True)
class Manifest:
    """What the sender states about a file; every field is optional."""

    rows: int | None = None
    sha256: str | None = None
    exported_at: datetime | None = None  # UTC, naive
    control_totals: dict[str, Decimal] = field(default_factory=dict)
    layout: str | None = None


@dataclass(frozen=True)
class Scan:
    """What one pass over the bytes of a file tells, without reading a value.

    ``lines`` counts the physical lines below the header that are not blank; for Parquet it is None,
    and the rest but the hash is empty.
    """

    sha256: str
    header: tuple[str, ...] = ()
    newline: str = ""
    quoted: bool = False
    lines: int | None = None

    @property
    def load_id(self) -> str:
        """Identity of the content: the first 32 hex digits of its hash."""
        return self.sha256[:32]


def find_deliveries(
    landing: Path, feed: str, date_from: date | None, date_to: date
) -> Iterator[Delivered]:
    """Files of a feed in the delivery folders of a range, in the order of date and name."""
    for folder in sorted((landing / feed).glob("*/")):
        try:
            delivered = date.fromisoformat(folder.name)
        except ValueError:
            continue
        if folder.is_symlink() or delivered > date_to or (date_from and delivered < date_from):
            continue
        for path in sorted(folder.iterdir()):
            hidden = path.name.startswith((".", "_")) or path.name.endswith(MANIFEST_SUFFIX)
            if hidden or path.is_symlink() or not path.is_file():
                continue
            stat = path.stat()
            relative = path.relative_to(landing).as_posix()
            yield Delivered(feed, relative, delivered, stat.st_size, stat.st_mtime_ns)


def is_complete(landing: Path, delivered: Delivered, settle_seconds: float) -> bool:
    """Whether the file has a manifest or has lain still for the settle time."""
    if manifest_path(landing, delivered).is_file():
        return True
    return time.time() - delivered.mtime_ns / 1e9 >= settle_seconds


def manifest_path(landing: Path, delivered: Delivered) -> Path:
    """Where the manifest of a file would lie: the same name, whatever its ending, beside it."""
    ending = "." + (delivered.format or "")
    stem = delivered.name[: -len(ending)] if delivered.format else delivered.name
    folder = (landing / delivered.path).parent
    full = folder / (delivered.name + MANIFEST_SUFFIX)
    return full if full.is_file() else folder / (stem + MANIFEST_SUFFIX)


def read_manifest(landing: Path, delivered: Delivered) -> Manifest:
    """Read the manifest of a file; an empty one if there is none.

    Raises:
        FileRejectedError: the manifest is not readable or a field has the wrong form.
    """
    path = manifest_path(landing, delivered)
    if not path.is_file():
        return Manifest()
    try:
        stated = json.loads(path.read_text("utf-8"))
        exported = stated.get("exported_at")
        return Manifest(
            rows=None if stated.get("rows") is None else int(stated["rows"]),
            sha256=stated.get("sha256"),
            exported_at=None if exported is None else _utc(exported),
            control_totals={k: Decimal(v) for k, v in stated.get("control_totals", {}).items()},
            layout=stated.get("layout"),
        )
    except (ValueError, TypeError, AttributeError, InvalidOperation) as error:
        raise FileRejectedError(f"manifest {path.name} cannot be read: {error}") from error


def _utc(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


def scan(path: Path, file_format: str) -> Scan:
    """Hash a file, read its header and count its physical lines in one pass.

    Raises:
        FileRejectedError: empty, truncated, in another encoding, or without a usable header.
    """
    if path.stat().st_size == 0:
        raise FileRejectedError("the file is empty (zero bytes); deliver it again")
    if file_format == "parquet":
        with path.open("rb") as stream:
            return Scan(hashlib.file_digest(stream, "sha256").hexdigest())
    digest = hashlib.sha256()
    counter = _LineCounter()
    try:
        with path.open("rb") as raw:
            for chunk in _decompressed(raw, digest, gzipped=file_format == "csv.gz"):
                counter.feed(chunk)
    except (EOFError, OSError, zlib.error) as error:
        raise FileRejectedError(f"not a whole gzip file ({error}); deliver it again") from error
    header, header_lines = _header(counter.head)
    return Scan(
        sha256=digest.hexdigest(),
        header=header,
        newline=newline_of(counter.head),
        quoted=counter.quoted,
        lines=counter.lines - header_lines,
    )


def _decompressed(raw: io.BufferedReader, digest, *, gzipped: bool) -> Iterator[bytes]:
    """Chunks of text bytes; every raw byte goes through ``digest`` on the way."""
    stream = gzip.GzipFile(fileobj=_Hashing(raw, digest)) if gzipped else _Hashing(raw, digest)
    while chunk := stream.read(_CHUNK):
        yield chunk


class _Hashing(io.RawIOBase):
    """A reader that hashes what passes through it."""

    def __init__(self, raw: io.BufferedReader, digest):
        self._raw, self._digest = raw, digest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        count = self._raw.readinto(buffer)
        self._digest.update(memoryview(buffer)[:count])
        return count


class _LineCounter:
    """Counts lines that are not blank, across chunk borders, and keeps the head of the file."""

    HEAD_BYTES = 1 << 16

    def __init__(self):
        self.head = b""
        self.quoted = False
        self._lines = 0
        self._rest = b""

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes of the text."""
        if len(self.head) < self.HEAD_BYTES:
            self.head += chunk[: self.HEAD_BYTES - len(self.head)]
        self.quoted = self.quoted or b'"' in chunk
        if newline_of(self.head) == "\r":
            chunk = chunk.replace(b"\r", b"\n")
        text = self._rest + chunk
        whole, self._rest = text[: (cut := text.rfind(b"\n") + 1)], text[cut:]
        self._lines += whole.count(b"\n") - _blank_lines(whole)

    @property
    def lines(self) -> int:
        """Lines so far, an unfinished last one included."""
        return self._lines + bool(self._rest.strip(b"\r\n"))


def _blank_lines(text: bytes) -> int:
    starts_blank = text.startswith((b"\n", b"\r\n"))
    if not starts_blank and b"\n\n" not in text and b"\n\r\n" not in text:
        return 0
    return len(_BLANK_LINE.findall(text))


def newline_of(head: bytes) -> str:
    """The line ending that the head of a file uses."""
    if b"\r\n" in head:
        return "\r\n"
    return "\r" if b"\r" in head and b"\n" not in head else "\n"


def _header(head: bytes) -> tuple[tuple[str, ...], int]:
    """Column names of the first record and the number of physical lines it takes.

    Raises:
        FileRejectedError: no header, another encoding than UTF-8, or names that repeat.
    """
    if head.startswith(_UTF16_BOMS):
        raise FileRejectedError(
            "the file is UTF-16, not UTF-8; deliver UTF-8 or name a layout for it"
        )
    text = head.removeprefix(_UTF8_BOM).decode("utf-8", errors="replace")
    reader = csv.reader(io.StringIO(text, newline=""))
    names = tuple(name.strip() for name in next(reader, ()))
    if not any(names):
        raise FileRejectedError("line 1 is blank; it must hold the column names")
    if any("\ufffd" in name for name in names):
        raise FileRejectedError("line 1 is not UTF-8; deliver UTF-8 or name a layout for it")
    seen: set[str] = set()
    for position, name in enumerate(names, start=1):
        if not name:
            raise FileRejectedError(f"line 1, column {position}: the column has no name")
        if name.casefold() in seen:
            raise FileRejectedError(f"line 1, column {position}: the name {name!r} stands twice")
        seen.add(name.casefold())
    return names, reader.line_num
