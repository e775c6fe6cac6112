"""Where a person still stands in a home: every file opened as far as it can be, nothing shown."""

import gzip
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import phonenumbers
import pyarrow as pa
import pyarrow.compute as pc

from regulars.errors import RegularsError
from regulars.feeds.sql import identifier, literal
from regulars.privacy.archive import SUFFIX, Archive

_BLOCK = 1 << 22
_OVERLAP = 4096
_SURE = 6
# In which texts are looked for in bytes.
_CODES = ("utf-8", "gb18030")


@dataclass(frozen=True)
class Hit:
    """How often one kind of a person's data stands in one place of a file."""

    path: str
    place: str
    kind: str
    times: int


class Needles:
    """What to look for: numbers, phone numbers, mail addresses and texts of one person."""

    def __init__(self, ids: Sequence[str], contacts: dict[str, Iterable[str]], region: str):
        """Contacts: clear values by kind (phone, email, name, address, text)."""
        found: dict[str, set[str]] = {"id": {_bounded(re.escape(value)) for value in ids}}
        for kind, values in contacts.items():
            patterns = found.setdefault(kind, set())
            for value in values:
                if kind == "phone":
                    patterns |= {_bounded(_spaced(digits)) for digits in _numbers(value, region)}
                elif len(value.strip()) >= 2:
                    patterns.add(re.escape(value.strip()))
        self.patterns = {
            kind: "(?i:" + "|".join(sorted(patterns)) + ")"
            for kind, patterns in found.items()
            if patterns
        }
        self._bytes = {
            kind: [(_bytes_re2(p, code), re.compile(p.encode(code))) for code in _CODES]
            for kind, p in self.patterns.items()
        }
        # A number of a few characters stands in any ciphertext by chance.
        self._short = {"id"} if any(len(value) < _SURE for value in ids) else set()

    def __len__(self) -> int:
        """The number of kinds there is something to look for of."""
        return len(self.patterns)

    def in_text(self, text: str) -> bool:
        """Whether anything of the person stands in a text."""
        return any(re.search(pattern, text) for pattern in self.patterns.values())

    def without_ids(self, text: str) -> str:
        """The text without the person's numbers."""
        return re.sub(self.patterns.get("id", "(?!)"), "", text)

    def masked(self, text: str) -> str:
        """The text with a mark in the place of everything that is the person's."""
        for kind, pattern in self.patterns.items():
            text = re.sub(pattern, f"[{kind}]", text)
        return text

    def count(self, block: bytes, is_binary: bool = False) -> dict[str, int]:
        """How often each kind stands in some bytes; in binary ones short numbers do not count."""
        held = pa.array([block], pa.large_binary())
        # RE2 tells a hundred times faster whether there is anything to count.
        counts = {
            kind: max(
                sum(1 for _ in pattern.finditer(block))
                if pc.match_substring_regex(held, quick)[0].as_py()
                else 0
                for quick, pattern in patterns
            )
            for kind, patterns in self._bytes.items()
        }
        passed = self._short if is_binary else set()
        return {kind: times for kind, times in counts.items() if times and kind not in passed}


def search(
    folders: Path | Sequence[Path], needles: Needles, archive: Archive
) -> tuple[list[Hit], int, int]:
    """Look into every file of a home, or of several folders.

    Parquet and DuckDB files are read value by value, compressed and sealed ones opened, all others
    read byte by byte; links are not followed. Paths are told relative to the first folder, or as
    they are.

    Returns:
        What was found, the number of files and their bytes.
    """
    folders = [folders] if isinstance(folders, Path) else folders
    hits: list[Hit] = []
    files = size = 0
    for path in sorted(path for folder in folders for path in folder.rglob("*")):
        if path.is_symlink() or not path.is_file():
            continue
        files, size = files + 1, size + path.stat().st_size
        shown = path.relative_to(folders[0]) if path.is_relative_to(folders[0]) else path
        hits += [Hit(shown.as_posix(), *found) for found in _in_file(path, needles, archive)]
    return hits, files, size


def _in_file(path: Path, needles: Needles, archive: Archive) -> Iterator[tuple[str, str, int]]:
    if path.name.endswith(SUFFIX):
        with archive.opened(path) as clear:
            yield from _in_file(clear, needles, archive)
        return
    if path.suffix == ".parquet":
        source = f"read_parquet({literal(str(path))})"
        with duckdb.connect() as connection:
            yield from _in_relation(connection, source, "rows", needles)
    elif path.suffix == ".duckdb":
        with duckdb.connect() as connection:
            connection.execute(f"attach {literal(str(path))} as searched (read_only)")
            tables = connection.execute(
                "select schema_name, table_name from duckdb_tables() where database_name='searched'"
            ).fetchall()
            for schema, table in sorted(tables):
                source = f"searched.{identifier(schema)}.{identifier(table)}"
                yield from _in_relation(connection, source, f"{schema}.{table}", needles)
    # Values that a file no longer refers to may still lie in it.
    with _clear(path) as stream:
        yield from _in_bytes(stream, needles, path.suffix in (".parquet", ".duckdb"))


def _in_relation(
    connection: duckdb.DuckDBPyConnection, source: str, place: str, needles: Needles
) -> Iterator[tuple[str, str, int]]:
    described = connection.execute(f"describe select * from {source}").fetchall()
    # Ciphertext and hashes are no text; what stands in lists does.
    names = [n for n, kind, *_ in described if "VARCHAR" in kind or "JSON" in kind]
    if not names:
        return
    row = f"concat_ws(chr(31), {', '.join(f'cast({identifier(n)} as varchar)' for n in names)})"
    for kind, pattern in needles.patterns.items():
        (times,) = connection.execute(
            f"select count(*) from {source} where regexp_matches({row}, ?)", [_re2(pattern)]
        ).fetchone()
        if times:
            yield place, kind, times


def _in_bytes(
    stream: Iterable[bytes], needles: Needles, is_binary: bool
) -> Iterator[tuple[str, str, int]]:
    found: dict[str, int] = {}
    before = b""
    for block in stream:
        # The overlap is looked at twice, so a few may count twice; none is missed.
        for kind, times in needles.count(before + block, is_binary).items():
            found[kind] = found.get(kind, 0) + times
        before = block[-_OVERLAP:]
    yield from (("bytes", kind, times) for kind, times in found.items())


@contextmanager
def _clear(path: Path) -> Iterator[Iterator[bytes]]:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rb") as stream:

        def blocks() -> Iterator[bytes]:
            try:
                while block := stream.read(_BLOCK):
                    yield block
            except (EOFError, gzip.BadGzipFile) as error:
                raise RegularsError(f"{path} cannot be searched: {error}") from None

        yield blocks()


def _bounded(pattern: str) -> str:
    """A whole number or word: no letter, digit or dash beside it."""
    return rf"(?<![0-9A-Za-z_-]){pattern}(?![0-9A-Za-z_-])"


def _spaced(digits: str) -> str:
    return r"[ .-]?".join(digits)


def _re2(pattern: str) -> str:
    """The same for RE2, which does not look around."""
    pattern = pattern.replace("(?<![0-9A-Za-z_-])", r"(?:^|[^0-9A-Za-z_-])")
    return pattern.replace("(?![0-9A-Za-z_-])", r"(?:$|[^0-9A-Za-z_-])")


def _bytes_re2(pattern: str, code: str) -> str:
    """The same for RE2 over bytes, in which a text stands in some code."""
    encoded = _re2(pattern).encode(code)
    return "".join(chr(byte) if byte < 128 else f"\\x{byte:02x}" for byte in encoded)


def _numbers(value: str, region: str) -> Sequence[str]:
    """The digits by which a phone number may be written: national and with country code."""
    digits = re.sub(r"\D", "", value)
    try:
        parsed = phonenumbers.parse(value, region)
    except phonenumbers.NumberParseException:
        return [digits] if digits else []
    national = str(parsed.national_number)
    return sorted({digits, national, f"{parsed.country_code}{national}"})
