"""Ingestion against DuckDB merely loading the same files with declared types, in one run.

``REGULARS_BENCH_LINES`` and ``REGULARS_BENCH_FILES`` say how much; `make bench` measures 1,000,000
lines in 300 files and 10,000,000 in 30, CI a tenth of a million as a smoke test.
"""

import os
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from regulars.feeds.contract import load_contract
from regulars.settings import load_settings

LINES = int(os.environ.get("REGULARS_BENCH_LINES", "100000"))
FILES = int(os.environ.get("REGULARS_BENCH_FILES", "30"))
ROUNDS = 5
COLUMNS = (
    *("receipt_id", "line_no", "store_id", "sold_at", "customer_id", "product_code"),
    *("qty", "unit_price", "discount", "net_amount", "currency", "channel"),
)

LOAD = """
from datetime import date
from regulars.feeds.ingest import find_batches, load_batch
for batch in find_batches(["pos_sales"], None, date(2014, 12, 31)):
    load_batch(batch)
"""


@pytest.fixture
def deliveries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """One file per store, csv.gz."""
    monkeypatch.setenv("REGULARS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("REGULARS_SETTLE_SECONDS", "0")
    folder = tmp_path / "home" / "landing" / "pos_sales" / "2014-12-31"
    folder.mkdir(parents=True)
    for store in range(FILES):
        duckdb.sql(f"""
            copy (
                select
                    'r' || (r // 3) as receipt_id, r % 3 + 1 as line_no, 's{store}' as store_id,
                    strftime(timestamp '2014-01-01' + interval (r * 7 % 31000000) second,
                        '%Y-%m-%dT%H:%M:%S') as sold_at,
                    case when r % 3 > 0 then 'c' || (r * 7919 % 40000) end as customer_id,
                    'p' || (r % 200) as product_code, 1 + r % 3 as qty,
                    cast(((r * 31) % 2000) / 100.0 as decimal(18, 2)) as unit_price,
                    cast(0 as decimal(18, 2)) as discount,
                    cast((1 + r % 3) * ((r * 31) % 2000) / 100.0 as decimal(18, 2)) as net_amount,
                    'CNY' as currency, 'dine_in' as channel
                from range({LINES // FILES}) t(r)
            ) to '{folder / f"s{store}.csv.gz"}' (header, compression gzip)
        """)
    return sorted(folder.iterdir())


def seconds(code: str) -> tuple[float, float, float]:
    """Wall and CPU seconds and peak memory in MiB of a fresh process, its imports left out."""
    program = (
        "import re, time\n"
        "from pathlib import Path\n"
        "import regulars.feeds.ingest, great_expectations\n"
        "wall, cpu = time.perf_counter(), time.process_time()\n"
        f"{code}\n"
        # Not ru_maxrss, which begins with what the process held that started this one.
        "peak = re.search(r'VmHWM:\\s+(\\d+)', Path('/proc/self/status').read_text())\n"
        "print(time.perf_counter() - wall, time.process_time() - cpu, int(peak[1]) / 1024)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    wall, cpu, peak = map(float, done.stdout.split()[-3:])
    return wall, cpu, peak


def test_ingestion_against_a_plain_load(deliveries, tmp_path):
    contract = load_contract("pos_sales")
    types = {name: contract.column(name).duckdb_type for name in COLUMNS}
    database = tmp_path / "plain.duckdb"
    plain = (
        "import duckdb\n"
        "connection = duckdb.connect({place!r})\n"
        'connection.execute("""create table sales as select * from read_csv('
        f"'{deliveries[0].parent}/*.csv.gz', columns = {types}, auto_detect = false,"
        ' header = true)""")\n'
        "connection.close()"
    )
    ours, in_memory, on_disk = [], [], []
    for _ in range(ROUNDS):
        shutil.rmtree(load_settings().lake, ignore_errors=True)
        database.unlink(missing_ok=True)
        ours.append(seconds(LOAD))
        in_memory.append(seconds(plain.replace("{place!r}", "':memory:'")))
        on_disk.append(seconds(plain.replace("{place!r}", repr(str(database)))))
    for position, name in enumerate(("wall", "CPU")):
        mine, memory, disk = (
            statistics.median(run[position] for run in runs) for runs in (ours, in_memory, on_disk)
        )
        print(
            f"\n{LINES:,} lines in {FILES} files, {name}: {mine:.2f} s; plain load into memory"
            f" {memory:.2f} s, ratio {mine / memory:.2f}; into a database file {disk:.2f} s,"
            f" ratio {mine / disk:.2f}",
            end="",
        )
    print(f"\npeak memory {max(run[2] for run in ours):,.0f} MiB")
    loaded = duckdb.sql(f"select count(*) from '{load_settings().lake}/pos_sales/*.parquet'")
    assert loaded.fetchone() == (LINES // FILES * FILES,)
