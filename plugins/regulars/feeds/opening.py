"""Open a delivered file: from its bytes to text that DuckDB can read, within limits.

Plain UTF-8 is read as it lies; what is packed, otherwise encoded or a sheet is rewritten aside.
"""

import codecs
import csv
import gzip
import hashlib
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from pathlib import Path
from typing import Any, Literal, Protocol

import duckdb
from isal import igzip, isal_zlib

from regulars.feeds.delivery import Delivered, FileRejectedError, check_place
from regulars.feeds.sql import literal

# What the bytes of a file can cause; any other error of DuckDB is ours and must be seen.
UNREADABLE = (duckdb.InvalidInputException, duckdb.IOException, duckdb.ConversionException)
Kind = Literal["csv", "jsonl", "parquet"]
# SQL for the place of a row's file among the files that are read, from 1.
FILE_PLACE = "cast(file_index as bigint) + 1"
_CHUNK = 1 << 20
_HEAD_BYTES = 1 << 20
_UTF8_BOM = b"\xef\xbb\xbf"
_UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")
_BLANK_LINE = re.compile(rb"^\r?\n", re.MULTILINE)


@dataclass(frozen=True)
class Limits:
    """How large a single file may be once it is unpacked."""

    file_bytes: int
    file_rows: int


@dataclass(frozen=True)
class Form:
    """How the text of a file is written: encoding, delimiter, rows that make up the header.

    ``names_from`` is the header row that names the columns; None joins all of them.
    """

    encoding: str = "utf-8"
    delimiter: str = ","
    header_rows: int = 1
    names_from: int | None = None


@dataclass(frozen=True)
class Opened:
    """A file that DuckDB can read, and what one pass over its bytes told.

    ``lines`` counts the physical lines below the header that are not blank; None for Parquet.
    ``is_plain``: all line breaks are alike and there is no NUL.
    """

    path: Path
    kind: Kind
    sha256: str
    form: Form
    header: tuple[str, ...]
    newline: str = "\n"
    quoted: bool = False
    lines: int | None = None
    is_plain: bool = False
    nested: tuple[str, ...] = ()  # columns that hold no plain values

    @property
    def load_id(self) -> str:
        """Identity of the content: the first 32 hex digits of its hash."""
        return self.sha256[:32]


def open_delivered(
    landing: Path, delivered: Delivered, form: Form, limits: Limits, aside: Path, name: str
) -> Opened:
    """Make a file readable under ``aside/name``: a link to it, or a copy in UTF-8.

    Raises:
        FileRejectedError: empty, truncated, too large, in another encoding, no usable header.
    """
    path = check_place(landing, delivered)
    if delivered.bytes == 0:
        raise FileRejectedError("the file is empty (zero bytes); deliver it again")
    ending = delivered.format
    if ending == "parquet":
        return _open_parquet(path, aside / f"{name}.parquet", limits)
    kind: Kind = "jsonl" if ending.startswith("jsonl") else "csv"
    if ending == "xlsx":
        form = replace(form, encoding="utf-8", delimiter=",")
        chunks, digest = _sheet(path, aside / f"{name}.csv", limits), _sha256(path)
        readable = aside / f"{name}.csv"
    else:
        digest = hashlib.sha256()
        readable = aside / f"{name}.{kind}"
        chunks = _unpacked(path, digest, limits)
        if codecs.lookup(form.encoding).name != "utf-8":
            chunks = _kept(_decoded(chunks, form.encoding), readable)
        elif ending.endswith(".gz"):
            # Read from the copy, or DuckDB would unpack it once more, and by one thread a file.
            chunks = _kept(chunks, readable)
        else:
            # A link, so that no character of a delivered name reaches DuckDB as a pattern.
            readable.symlink_to(path)
    counter = LineCounter()
    for chunk in chunks:
        counter.feed(chunk)
    if counter.head.startswith(_UTF16_BOMS):
        raise FileRejectedError("the file is UTF-16, not UTF-8; deliver UTF-8 or name a layout")
    if kind == "csv":
        header, header_lines = read_header(counter.head, form)
    else:
        if counter.mixed:
            with_one_line_ending(readable)
        header, header_lines = _keys(readable), 0
    if counter.lines - header_lines > limits.file_rows:
        raise _too_many_rows(limits)
    return Opened(
        path=readable,
        kind=kind,
        sha256=digest.hexdigest(),
        form=form,
        header=header,
        newline=newline_of(counter.head),
        quoted=counter.quoted,
        lines=counter.lines - header_lines,
        is_plain=not counter.mixed and not counter.has_nul,
    )


def _open_parquet(path: Path, readable: Path, limits: Limits) -> Opened:
    readable.symlink_to(path)
    file = literal(str(readable))
    try:
        with duckdb.connect() as connection:
            described = connection.execute(f"describe from read_parquet({file})").fetchall()
            (rows,) = connection.execute(f"select count(*) from read_parquet({file})").fetchone()
    except UNREADABLE as error:
        raise FileRejectedError(f"not a readable Parquet file: {told(error, readable)}") from error
    if rows > limits.file_rows:
        raise _too_many_rows(limits)
    header = tuple(row[0] for row in described)
    nested = tuple(name for name, kind, *_ in described if _is_nested(kind))
    digest = _sha256(path).hexdigest()
    return Opened(readable, "parquet", digest, Form(), header, nested=nested)


def _is_nested(kind: str) -> bool:
    """Whether a column holds anything but plain values."""
    return kind == "BLOB" or kind.endswith("]") or kind.startswith(("STRUCT", "MAP", "UNION"))


def told(error: Exception, readable: Path) -> str:
    """What DuckDB says about a file, without our own name for it."""
    text = " ".join(str(error).split())
    return text.replace(str(readable), "the file")[:300]


def json_lines(paths: Sequence[Path]) -> str:
    """SQL for the lines of JSON Lines files, as ``_place``, ``line`` and ``object``, in order.

    ``object`` is null where the line is no JSON object; blank lines are left out.
    """
    files = ", ".join(literal(str(path)) for path in paths)
    return (
        f"select line, {FILE_PLACE} as _place,"
        " case when json_valid(line) and json_type(line) = 'OBJECT' then line end as object"
        f" from read_csv([{files}], columns = {{'line': 'VARCHAR'}}, auto_detect = false,"
        " header = false, delim = '\\x1f', quote = '', escape = '',"
        " store_rejects = true, rejects_limit = 0) where line is not null"
    )


def _keys(path: Path) -> tuple[str, ...]:
    """Every key that an object of the file has, sorted."""
    try:
        with duckdb.connect() as connection:
            found = connection.execute(
                f"select distinct unnest(json_keys(object)) as key from ({json_lines([path])})"
                " where object is not null order by key"
            ).fetchall()
    except UNREADABLE as error:
        raise FileRejectedError(f"cannot be read as JSON Lines: {told(error, path)}") from error
    if not found:
        raise FileRejectedError("no line is a JSON object; deliver one object a line")
    return tuple(key for (key,) in found)


class _Digest(Protocol):
    def update(self, data: Any, /) -> None: ...

    def hexdigest(self) -> str: ...


def _sha256(path: Path) -> _Digest:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256")


def _unpacked(path: Path, digest: _Digest, limits: Limits) -> Iterator[bytes]:
    """Chunks of the unpacked bytes; every raw byte goes through ``digest`` on the way."""
    size = 0
    try:
        with path.open("rb") as raw:
            hashing = _Hashing(raw, digest)
            packed = path.name.lower().endswith(".gz")
            stream = igzip.IGzipFile(fileobj=hashing) if packed else hashing
            while chunk := stream.read(_CHUNK):
                size += len(chunk)
                if size > limits.file_bytes:
                    raise _too_large(limits)
                yield chunk
    except (EOFError, gzip.BadGzipFile, isal_zlib.error) as error:
        raise FileRejectedError(f"not a whole gzip file ({error}); deliver it again") from error


class _Hashing(io.RawIOBase):
    """A reader that hashes what passes through it."""

    def __init__(self, raw: io.BufferedReader, digest: _Digest):
        self._raw, self._digest = raw, digest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        count = self._raw.readinto(buffer)
        self._digest.update(memoryview(buffer)[:count])
        return count


def _decoded(chunks: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """The chunks in UTF-8."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    lines = 0
    for chunk in chunks:
        try:
            text = decoder.decode(chunk).encode("utf-8")
        except UnicodeDecodeError as error:
            lines += chunk[: error.start].count(b"\n")
            raise FileRejectedError(
                f"line {lines + 1} is not {encoding}, the encoding of its layout"
            ) from error
        except UnicodeError as error:
            raise FileRejectedError(f"is not {encoding}, its layout's: {error}") from error
        lines += text.count(b"\n")
        yield text
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise FileRejectedError(f"the file ends within a {encoding} character") from error


def _kept(chunks: Iterable[bytes], copy: Path) -> Iterator[bytes]:
    """The chunks, written to ``copy`` as they pass."""
    with copy.open("wb") as written:
        for chunk in chunks:
            written.write(chunk)
            yield chunk


def _sheet(path: Path, copy: Path, limits: Limits) -> Iterator[bytes]:
    """The first sheet of a workbook as CSV, one line a row, written to ``copy``."""
    # Costs a third of a second, which a night without workbooks should not pay.
    import openpyxl

    try:
        with zipfile.ZipFile(path) as parts:
            size = sum(part.file_size for part in parts.infolist())
        if size > limits.file_bytes:
            raise _too_large(limits)
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        with copy.open("w", encoding="utf-8", newline="") as text:
            rows = csv.writer(text, lineterminator="\n")
            width = 0
            for row in book.worksheets[0].iter_rows(values_only=True):
                cells = [_cell(value) for value in row]
                # Formatted cells without content are no data: below as little as to the right.
                filled = max((n for n, cell in enumerate(cells, 1) if cell), default=0)
                width = width or filled
                rows.writerow(cells[: max(filled, width)] if filled else [])
    except FileRejectedError:
        raise
    except Exception as error:  # whatever a broken zip or XML can cause
        raise FileRejectedError(f"not a readable Excel workbook: {error}") from error
    with copy.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


def _too_many_rows(limits: Limits) -> FileRejectedError:
    return FileRejectedError(
        f"has more than {limits.file_rows} lines (setting max_file_rows); deliver it in parts"
    )


def _too_large(limits: Limits) -> FileRejectedError:
    return FileRejectedError(
        f"unpacks to more than {limits.file_bytes} bytes (setting max_file_bytes)"
    )


def _cell(value: Any) -> str:
    """A cell as the feed contracts write it."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer():
            return str(int(value))
        case datetime():
            return value.isoformat() if value.time() != time() else value.date().isoformat()
        case _:
            return str(value)


def with_one_line_ending(path: Path) -> None:
    """Replace a file that is read aside by a copy whose lines all end alike."""
    text = path.read_bytes().replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    path.unlink()
    path.write_bytes(text)


class LineCounter:
    """Counts lines that are not blank, across chunk borders, and keeps the head of the file."""

    def __init__(self):
        self.head = b""
        self.quoted = False
        self.mixed = False
        self.has_nul = False
        self._lines = 0
        self._rest = b""

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes of the text."""
        if len(self.head) < _HEAD_BYTES:
            self.head += chunk[: _HEAD_BYTES - len(self.head)]
        self.quoted = self.quoted or b'"' in chunk
        self.has_nul = self.has_nul or b"\0" in chunk
        returns = chunk.count(b"\r")
        self.mixed = self.mixed or (returns > 0 and returns != chunk.count(b"\n"))
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
    # One byte is found much faster than two.
    has_returns = b"\r" in text and b"\n\r\n" in text
    if not starts_blank and not has_returns and b"\n\n" not in text:
        return 0
    return len(_BLANK_LINE.findall(text))


def newline_of(head: bytes) -> str:
    """The line ending that the head of a file uses."""
    if b"\r" not in head:
        return "\n"
    if b"\r\n" in head:
        return "\r\n"
    return "\n" if b"\n" in head else "\r"


def read_header(head: bytes, form: Form) -> tuple[tuple[str, ...], int]:
    """Column names of the header rows and the number of physical lines they take.

    Several header rows make one name per column, the parts joined by a bar; a part that is empty
    is taken from the column before, as merged cells are written.

    Raises:
        FileRejectedError: no header, another encoding than UTF-8, or names that repeat.
    """
    text = head.removeprefix(_UTF8_BOM).decode("utf-8", errors="replace")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=form.delimiter)
    rows = [row for _, row in zip(range(form.header_rows), reader, strict=False)]
    if not rows or not any(rows[0]):
        raise FileRejectedError("line 1 is blank; it must hold the column names")
    if form.names_from is not None:
        rows = rows[form.names_from - 1 : form.names_from]
    names = _joined(rows)
    if any("\ufffd" in name for name in names):
        raise FileRejectedError("line 1 is not UTF-8; deliver UTF-8 or name a layout")
    seen: set[str] = set()
    for position, name in enumerate(names, start=1):
        if not name:
            raise FileRejectedError(f"line 1, column {position}: the column has no name")
        if name.casefold() in seen:
            raise FileRejectedError(
                f"line 1, column {position}: the name {name[:100]!r} stands twice"
            )
        seen.add(name.casefold())
    return names, reader.line_num


def _joined(rows: list[list[str]]) -> tuple[str, ...]:
    width = max(map(len, rows))
    names: list[list[str]] = [[] for _ in range(width)]
    for number, row in enumerate(rows):
        before = ""
        for position in range(width):
            part = row[position].strip() if position < len(row) else ""
            # Only the upper rows span columns; the lowest one names each for itself.
            part = part or (before if number + 1 < len(rows) else "")
            before = part
            if part and part not in names[position]:
                names[position].append(part)
    return tuple(" | ".join(parts) for parts in names)
