"""What tokens and vault add to loading members, and sales, in one run.

``REGULARS_BENCH_MEMBERS`` says how many members; `make bench` measures 1,000,000, CI a smoke test.
Every round loads a member file without any protection, then with it as members never seen, then
the next night's file, of which one in a hundred changed; and five sales lines a member, without it
and with it.
"""

import os
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

MEMBERS = int(os.environ.get("REGULARS_BENCH_MEMBERS", "20000"))
ROUNDS = int(os.environ.get("REGULARS_BENCH_ROUNDS", "5"))
NIGHTS = ("2014-12-30", "2014-12-31")

LOAD = """
import sys, time
from datetime import date
from types import SimpleNamespace
import great_expectations
from regulars.feeds import ingest
if {unprotected}:
    # A door that has nothing to do; vault and keys are not touched.
    def open_door(settings, contract):
        from contextlib import nullcontext
        return nullcontext(SimpleNamespace(is_needed=False, commit=lambda name: 0))
    ingest.open_door = open_door
day = date.fromisoformat({night!r})
batches = ingest.find_batches([{feed!r}], day, day)
wall, cpu = time.perf_counter(), time.process_time()
for batch in batches:
    for line in ingest.load_batch(batch):
        assert line["status"] == "loaded", line
print(time.perf_counter() - wall, time.process_time() - cpu)
"""


@pytest.fixture
def landed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with two nights of members and one of sales."""
    home = tmp_path / "home"
    monkeypatch.setenv("REGULARS_HOME", str(home))
    monkeypatch.setenv("REGULARS_SETTLE_SECONDS", "0")
    for number, night in enumerate(NIGHTS):
        folder = home / "landing" / "customers" / night
        folder.mkdir(parents=True)
        duckdb.sql(f"""
            copy (
                select
                    'M' || lpad(cast(n as varchar), 8, '0') as customer_id,
                    -- A few surnames and characters are borne by many, as in life.
                    chr(cast(19968 + 97 * pow(n * 7919 % 10007 / 10007, 3) as integer))
                    || chr(cast(20480 + 900 * pow(n * 104729 % 10009 / 10009, 3) as integer))
                    || chr(cast(24576 + 900 * pow(n * 1299709 % 10037 / 10037, 3) as integer))
                        as name,
                    case when n % 3 = 0 then 'F' else 'M' end as sex,
                    date '1950-01-01' + cast(n * 11 % 20000 as integer) as birth_date,
                    '1' || cast(3000000000 + n * 6151 % 7000000000 as varchar) as phone,
                    case when n % 2 = 0 then 'member' || n || '@example.com' end as email,
                    '上海市中山路' || n % 900 || '号' as address,
                    case when n % 100 = 0 then 'city{number}' else 'Shanghai' end as city,
                    '2013-01-01T10:00:00' as created_at,
                    '{night}T01:00:00' as updated_at
                from range({MEMBERS}) t(n)
            ) to '{folder}/members.csv' (header)
        """)
    folder = home / "landing" / "pos_sales" / NIGHTS[0]
    folder.mkdir(parents=True)
    duckdb.sql(f"""
        copy (
            select
                'R' || n // 3 as receipt_id, n % 3 + 1 as line_no, 'S01' as store_id,
                strftime(timestamp '2014-12-30 09:00:00' + interval (n % 36000) second,
                    '%Y-%m-%dT%H:%M:%S') as sold_at,
                'M' || lpad(cast(n * 7919 % {MEMBERS} as varchar), 8, '0') as customer_id,
                'P' || n % 200 as product_code, 1 as qty,
                cast(n % 2000 / 100 as decimal(18, 2)) as unit_price,
                cast(0 as decimal(18, 2)) as discount,
                cast(n % 2000 / 100 as decimal(18, 2)) as net_amount,
                'CNY' as currency, 'dine_in' as channel
            from range({5 * MEMBERS}) t(n)
        ) to '{folder}/sales.csv' (header)
    """)
    return home


def seconds(night: str, unprotected: bool = False, feed: str = "customers") -> tuple[float, float]:
    """Wall and CPU seconds of a fresh process, its imports left out."""
    code = LOAD.format(night=night, unprotected=unprotected, feed=feed)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    wall, cpu = map(float, done.stdout.split()[-2:])
    return wall, cpu


def test_what_tokens_and_vault_add(landed):
    kinds = ("plain", "first", "next", "sales plain", "sales")
    runs: dict[str, list[tuple[float, float]]] = {kind: [] for kind in kinds}
    for _ in range(ROUNDS):
        for folder in ("lake", "vault"):
            shutil.rmtree(landed / folder, ignore_errors=True)
        runs["plain"].append(seconds(NIGHTS[0], unprotected=True))
        shutil.rmtree(landed / "lake")
        runs["first"].append(seconds(NIGHTS[0]))
        runs["next"].append(seconds(NIGHTS[1]))
        # In turn, as the second of two finds the file in memory.
        for kind in ("sales plain", "sales")[:: (-1) ** len(runs["sales"])]:
            runs[kind].append(seconds(NIGHTS[0], kind == "sales plain", "pos_sales"))
            shutil.rmtree(landed / "lake" / "pos_sales")
            shutil.rmtree(landed / "lake" / "ledger" / "pos_sales")
    for position, name in enumerate(("wall", "CPU")):
        plain, first, following, bare, sales = (
            statistics.median(run[position] for run in runs[kind]) for kind in runs
        )
        print(
            f"\n{MEMBERS:,} members, {name}: {plain:.2f} s without protection; never seen"
            f" {first:.2f} s, {first / plain - 1:+.0%}; the next night {following:.2f} s,"
            f" {following / plain - 1:+.0%}; {5 * MEMBERS:,} sales lines {bare:.2f} s without it,"
            f" {sales:.2f} s with it, {sales / bare - 1:+.0%}",
            end="",
        )
    print()
    held = "count(*), count(distinct vault_ref)"
    rows, refs = duckdb.sql(f"select {held} from '{landed}/lake/customers/*.parquet'").fetchone()
    assert (rows, refs) == (2 * MEMBERS, MEMBERS)
