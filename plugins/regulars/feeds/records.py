"""Where a record stands in a delivered text file: physical line and raw text, read with care.

Slow beside DuckDB, so it is used only for files with something to explain.
"""

import csv
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from regulars.feeds.opening import Opened

csv.field_size_limit(sys.maxsize)


@dataclass(frozen=True)
class Record:
    """One CSV record as delivered.

    ``number`` counts records and blank lines, ``line`` physical lines; the header is 1 in both.
    """

    number: int
    line: int
    lines: tuple[str, ...]
    is_blank: bool

    @property
    def text(self) -> str:
        """The raw text, without the closing line break."""
        return "".join(self.lines).rstrip("\r\n")


def read_records(opened: Opened) -> Iterator[Record]:
    """The records below the header; bytes that are not UTF-8 show as backslash escapes."""
    with opened.path.open("rb") as stream:
        lines = (
            line.decode("utf-8-sig" if number == 0 else "utf-8", "backslashreplace")
            for number, line in enumerate(_split(stream, opened.newline))
        )
        if opened.kind == "jsonl":
            for number, line in enumerate(lines, start=1):
                yield Record(number, number, (line,), not line.strip("\r\n"))
            return
        taken: list[str] = []
        start = 1
        records = csv.reader(_noting(lines, taken), delimiter=opened.form.delimiter)
        for number, fields in enumerate(records, start=1):
            if number > opened.form.header_rows:
                yield Record(number, start, tuple(taken), not fields)
            start += len(taken)
            taken.clear()


def _noting(lines: Iterable[str], taken: list[str]) -> Iterator[str]:
    for line in lines:
        taken.append(line)
        yield line


def _split(stream, newline: str) -> Iterator[bytes]:
    if newline != "\r":
        yield from stream
        return
    for line in stream.read().split(b"\r"):
        if line:
            yield line + b"\n"


def count_records(opened: Opened) -> int:
    """Records below the header that are not blank."""
    return sum(not record.is_blank for record in read_records(opened))
