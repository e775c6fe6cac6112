"""Readers through publications: nobody waits or fails, every answer is of one whole version.

A hundred readers query through twenty publications, and a version of ``REGULARS_BENCH_GB``
gigabytes is published under readers: `make bench` takes 1, CI a twentieth as a smoke test.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from regulars.settings import Settings, load_settings
from regulars.warehouse import publish

READERS = 100
PUBLICATIONS = 20
GIGABYTES = float(os.environ.get("REGULARS_BENCH_GB", "0.05"))
THREADS = 10  # readers in one process
MOST_SECONDS = 1.0

# A wide line of numbers that no codec makes smaller: eight bytes each.
WIDTH = 8
LINES = 2_000

# What an analyst does: opens the link, asks, thinks, asks again; opens a Parquet file; comes back.
READER = """
import json, random, sys, threading, time
from pathlib import Path
import duckdb

current, over = Path(sys.argv[1]), Path(sys.argv[2])
number, think = int(sys.argv[3]), float(sys.argv[4])
said, errors = [], []

def ask(connection, sql):
    began = time.time()
    return connection.execute(sql).fetchone(), began, time.time()

def read():
    while not over.exists():
        try:
            opened = time.time()
            with duckdb.connect(
                current / "regulars.duckdb", read_only=True, config={"threads": 1}
            ) as connection:
                lines, *first = ask(
                    connection,
                    "select min(version), max(version), count(*), sum(line) from fct_lines",
                )
                time.sleep(think * random.random())
                totals, *second = ask(connection, "select version, lines, total from mart_totals")
                parquet = current / "parquet" / "mart_totals.parquet"
                alone, *third = ask(connection, f"select version, lines, total from '{parquet}'")
        except Exception as error:
            errors.append(repr(error))
            return
        time.sleep(think * random.random())
        waited = max(first[0] - opened, *(end - begin for begin, end in (first, second, third)))
        said.append([opened, first[1], waited, *map(int, (*lines, *totals, *alone))])

readers = [threading.Thread(target=read) for _ in range(number)]
for reader in readers:
    reader.start()
for reader in readers:
    reader.join()
print(json.dumps({"said": said, "errors": errors}))
"""


@pytest.fixture
def make_version(
    publish_made_up: Callable[[str], dict], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., dict[int, float]]:
    """Publish content ``number``, which each line carries; returns when each was swapped in."""
    swap, swapped = publish._swap, {}

    def timed_swap(settings: Settings, folder: Path) -> None:
        swap(settings, folder)
        swapped[int(folder.name) - 1] = time.time()

    monkeypatch.setattr(publish, "_swap", timed_swap)

    def run(number: int, lines: int = LINES) -> dict[int, float]:
        noise = ", ".join(f"hash(i, {number}, {n}) as noise_{n}" for n in range(WIDTH - 1))
        publish_made_up(f"""
            create or replace table marts.fct_lines as
            select {number} as version, i as line, {noise} from range({lines}) as lines(i);
            create or replace table marts.mart_totals as
            select version, count(*) as lines, sum(line) as total
            from marts.fct_lines group by version;
        """)
        return swapped

    return run


@contextmanager
def reading(home: Path, number: int, think: float) -> Iterator[dict]:
    """So many readers while the block lasts; then what they ``said`` and their ``errors``.

    They think ``think`` seconds at most between questions.
    """
    over, found = home / "over", {"said": [], "errors": []}
    current = load_settings().published / "current"
    shares = [min(THREADS, number - begun) for begun in range(0, number, THREADS)]
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", READER, str(current), str(over), str(share), str(think)],
            stdout=subprocess.PIPE,
            text=True,
        )
        for share in shares
    ]
    try:
        yield found
    finally:
        over.touch()
        for process in processes:
            told = json.loads(process.communicate(timeout=300)[0])
            found["said"] += told["said"]
            found["errors"] += told["errors"]


def check(found: dict, swapped: dict[int, float], lines: Callable[[int], int]) -> dict[int, float]:
    """Every answer is whole and as new as its opening; returns when each version was seen first."""
    assert found["errors"] == []
    seen: dict[int, float] = {}
    for opened, answered, _, low, high, count, total, *answers in found["said"]:
        version, counted, summed, in_parquet, in_parquet_lines, in_parquet_total = answers
        assert low == high == version
        assert count == counted == lines(version)
        assert total == summed == count * (count - 1) // 2
        # The file beside it is opened later: as new or newer, and whole by itself.
        assert in_parquet >= version
        assert in_parquet_lines == lines(in_parquet)
        assert in_parquet_total == in_parquet_lines * (in_parquet_lines - 1) // 2
        newest = max(number for number, when in swapped.items() if when <= opened)
        assert version >= newest, "opened after the swap, and the old version was read"
        seen[version] = min(answered, seen.get(version, answered))
    return seen


@pytest.mark.slow
@pytest.mark.requirement("DQ-04")
def test_readers_through_publications(
    home: Path, make_version: Callable[..., dict[int, float]]
) -> None:
    swapped = make_version(0)
    with reading(home, READERS, think=3) as found:
        time.sleep(2)
        for number in range(1, PUBLICATIONS + 1):
            make_version(number, LINES + number)
    seen = check(found, swapped, lambda version: LINES + version)
    assert len(swapped) == PUBLICATIONS + 1
    assert len(seen) > PUBLICATIONS / 2
    print(f"\n{READERS} readers, {PUBLICATIONS} publications: {len(found['said'])} sessions of")
    print(f"three questions, {len(seen)} versions seen, no error, no answer of two versions")


@pytest.mark.slow
@pytest.mark.requirement("DQ-04")
def test_a_large_version_keeps_nobody_waiting(
    home: Path, make_version: Callable[..., dict[int, float]]
) -> None:
    lines = int(GIGABYTES * 1e9 / (WIDTH - 1) / 8)
    swapped = make_version(0)
    with reading(home, 4, think=0.1) as found:
        time.sleep(2)
        began = time.time()
        make_version(1, lines)
        ended = time.time()
        time.sleep(2)
    seen = check(found, swapped, lambda version: lines if version else LINES)
    size = (publish.current() / publish.DATABASE).stat().st_size
    # Until the swap all of them ask the small version: what they wait for is the machine alone.
    during = [row for row in found["said"] if began < row[0] < swapped[1]]
    waited = max(row[2] for row in during)
    late = seen[1] - swapped[1]
    print(f"\n{size / 1e9:.2f} GB made and published in {ended - began:.1f} s: {len(during)}")
    print(f"sessions meanwhile, longest wait {waited:.2f} s; the new one read after {late:.2f} s")
    assert size > GIGABYTES * 1e9
    assert waited < MOST_SECONDS
    assert late < MOST_SECONDS


@pytest.mark.requirement("DQ-04")
def test_a_long_answer_ends_on_its_version(
    home: Path,
    make_version: Callable[..., dict[int, float]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is read in pieces, and its version is dropped between the first and the second."""
    monkeypatch.setenv("REGULARS_KEEP_VERSIONS", "1")
    lines = 200 * LINES
    make_version(0, lines)
    file = load_settings().published / "current" / publish.DATABASE
    with duckdb.connect(file, read_only=True) as connection:
        answer = connection.execute("select version, line, noise_0 from fct_lines")
        read = answer.fetchmany(10)
        for number in (1, 2):
            make_version(number)
        while piece := answer.fetchmany(50_000):
            read += piece
    assert {version for version, *_ in read} == {0}
    assert sorted(line for _, line, _ in read) == list(range(lines))
    assert [folder["version"] for folder in publish.list_versions()] == ["000003"]
