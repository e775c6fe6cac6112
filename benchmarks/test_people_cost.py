"""What tokens and vault add to loading members, and sales, in one run.

``REGULARS_BENCH_MEMBERS`` says how many members; `make bench` measures 1,000,000, CI a smoke test.
Every round loads a member file without any protection, then with it as members never seen, then
the next night's file, of which no member changed what is protected; and five sales lines a member,
without it and with it. Another test loads the members of the demo as its task does: all that was
delivered, then one night.

The aim is 40 %. It is held where a chain runs: in the task that loads the demo's members. It cannot
be held by a file of nothing but members, whose rows take 2.5 µs to read and write as they are:
``test_the_floor`` measures what no implementation can leave out. There the bounds only tell when
something is lost again. Bounds are of CPU time, which other work on the machine disturbs least.
"""

import os
import secrets
import shutil
import statistics
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path

import duckdb
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from regulars.demo import simulate
from regulars.privacy.tokens import begin, digests

MEMBERS = int(os.environ.get("REGULARS_BENCH_MEMBERS", "20000"))
ROUNDS = int(
    os.environ.get("REGULARS_BENCH_ROUNDS", "5" if "REGULARS_BENCH_MEMBERS" in os.environ else "1")
)
NIGHTS = ("2014-12-30", "2014-12-31")
AIM = 1.4
# As measured with 100,000 members, 5.6 and 2.8 times, and a third or more for a busy machine.
FIRST_AT_MOST, AGAIN_AT_MOST = 7.5, 4.0
SALES_AT_MOST = 1.15

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
        from pyarrow import nulls, string
        def seal_lines(lines):
            return lines.append_column("vault_ref", nulls(lines.num_rows, string()))
        door = SimpleNamespace(is_needed=False, commit=lambda name: 0, seal_lines=seal_lines)
        return nullcontext(door)
    ingest.open_door = open_door
batches = ingest.find_batches([{feed!r}], None, date.fromisoformat({night!r}))
wall, cpu = time.perf_counter(), time.process_time()
for batch in batches:
    for line in ingest.load_batch(batch):
        assert line["status"] == "loaded", line
print(time.perf_counter() - wall, time.process_time() - cpu, time.process_time())
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


def seconds(
    night: str, unprotected: bool = False, feed: str = "customers"
) -> tuple[float, float, float]:
    """Wall and CPU seconds of a load up to a night, and CPU of its fresh process with imports."""
    code = LOAD.format(night=night, unprotected=unprotected, feed=feed)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    wall, cpu, process = map(float, done.stdout.split()[-3:])
    return wall, cpu, process


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
    ratios = {}
    for position, name in enumerate(("wall", "CPU")):
        plain, first, following, bare, sales = (
            statistics.median(run[position] for run in runs[kind]) for kind in runs
        )
        ratios[name] = (first / plain, following / plain, sales / bare)
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
    never_seen, again, sales = ratios["CPU"]
    assert never_seen < FIRST_AT_MOST
    assert again < AGAIN_AT_MOST
    # Fewer lines load within a quarter of a second, which a pause of the machine doubles.
    if MEMBERS >= 100_000:
        assert sales < SALES_AT_MOST


def test_the_members_of_the_demo(tmp_path, monkeypatch):
    monkeypatch.setenv("REGULARS_HOME", str(tmp_path))
    monkeypatch.setenv("REGULARS_SETTLE_SECONDS", "0")
    for delivery in simulate().deliveries:
        if delivery.feed == "customers":
            delivery.write(tmp_path / "landing")
    runs: dict[tuple[str, bool], list[tuple[float, float, float]]] = {}
    for number in range(ROUNDS):
        for unprotected in (True, False)[:: (-1) ** number]:
            for folder in ("lake", "vault"):
                shutil.rmtree(tmp_path / folder, ignore_errors=True)
            for what, night in zip(("all so far", "one night"), NIGHTS, strict=True):
                runs.setdefault((what, unprotected), []).append(seconds(night, unprotected))
    for what in ("all so far", "one night"):
        for position, name in enumerate(("wall", "CPU", "CPU of the process")):
            plain, full = (
                statistics.median(run[position] for run in runs[what, unprotected])
                for unprotected in (True, False)
            )
            print(f"\ndemo, {what}, {name}: {plain:.2f} s, {full:.2f} s, {full / plain - 1:+.0%}")
        # The last one: a task starts a process for its load.
        assert full / plain < AIM


@pytest.mark.skipif(MEMBERS < 100_000, reason="what a load costs at all would hide a member's cost")
def test_the_floor(landed):
    """Two hashes and a seal a member, and nothing else, against the load without any."""
    messages = [b"+86%011d" % n for n in range(MEMBERS)]
    nonces = [secrets.token_bytes(12) for _ in messages]
    keys = [secrets.token_bytes(32) for _ in messages]
    contents = [b"%0110d" % n for n in range(MEMBERS)]
    begun, bare, sealing, plain = begin(sha256().digest()), [], [], []
    for _ in range(ROUNDS):
        shutil.rmtree(landed / "lake", ignore_errors=True)
        plain.append(seconds(NIGHTS[0], unprotected=True)[1])
        start = time.process_time()
        digests(begun, messages, 32)
        digests(begun, messages, 32)
        between = time.process_time()
        for key, nonce, content in zip(keys, nonces, contents, strict=True):
            AESGCM(key).encrypt(nonce, content, None)
        bare.append(between - start)
        sealing.append(time.process_time() - between)
    load, hashes, seals = map(statistics.median, (plain, bare, sealing))
    print(
        f"\n{MEMBERS:,} members, CPU: {load:.2f} s without protection; two HMACs each {hashes:.2f}"
        f" s, {hashes / load:+.0%}; one seal each under a key of its own {seals:.2f} s,"
        f" {seals / load:+.0%}"
    )
    # Where this no longer holds, the aim can be met.
    assert (hashes + seals) / load > AIM - 1
