"""Where a record stands in a delivered text file: physical line and raw text, read with care.

Slow beside DuckDB, so it is used only for files with something to explain.
"""

import csv
import gzip
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

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


def read_records(path: Path, newline: str) -> Iterator[Record]:
    """The records below the header; bytes that are not UTF-8 show as backslash escapes."""
    opener = gzip.open if path.name.lower().endswith(".gz") else open
    with opener(path, "rb") as stream:
        taken: list[str] = []

        def lines() -> Iterator[str]:
            for line in _split(stream, newline):
                text = line.decode(
                    "utf-8-sig" if not taken and start == 1 else "utf-8", "backslashreplace"
                )
                taken.append(text)
                yield text

        start = 1
        for number, fields in enumerate(csv.reader(lines()), start=1):
            if number > 1:
                yield Record(number, start, tuple(taken), not fields)
            start += len(taken)
            taken.clear()


def _split(stream, newline: str) -> Iterator[bytes]:
    if newline != "\r":
        yield from stream
        return
    for line in stream.read().split(b"\r"):
        if line:
            yield line + b"\n"


def count_records(path: Path, newline: str) -> int:
    """Records below the header that are not blank."""
    return sum(not record.is_blank for record in read_records(path, newline))
