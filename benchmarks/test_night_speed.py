"""Builds against SQL written by hand (`reference/`), and nights on histories of several lengths.

``REGULARS_BENCH_CHAINS`` names the chains by their lines, such as ``1000000,10000000``; without it
there is nothing to do, for every round is two builds of the whole project. A chain has a member for
25 lines unless it says how many (``10000000/40000``): what a night costs grows with lines alone in
the second kind, with lines and customers in the first. ``make bench`` measures 1 and 10 million
lines, with ``BIG=1`` 50 million too. Each round takes every chain in turn: a backfill of three
years into an empty home (its build is the full build), a first night with nothing new, which is
dbt's own, a second one, which sends what dbt sent, as does the night behind it; and beside them the
reference's history and night. A build makes and tests all marts, the reference eleven tables: the
core build makes what those need (but for the customer at a glance, who needs nearly all) and tests
nothing. In the first round the marts are compared with the reference's rows. Results go to
``nights.json`` and ``nights.svg`` in ``REGULARS_BENCH_RESULTS``.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import altair as alt
import chain
import duckdb
import pytest
import vl_convert


class Chain(NamedTuple):
    """How long a history is, and of how many members."""

    lines: int
    members: int

    def __str__(self) -> str:
        """As results name it."""
        return f"{self.lines:,} lines of {self.members:,} members"


def named(chains: str) -> list[Chain]:
    """The chains that are named by lines, or by lines/members, between commas."""
    told = (name.partition("/") for name in chains.split(",") if name)
    return [Chain(int(lines), int(members or int(lines) // 25)) for lines, _, members in told]


CHAINS = named(os.environ.get("REGULARS_BENCH_CHAINS", ""))
ROUNDS = int(os.environ.get("REGULARS_BENCH_ROUNDS", "5"))
RESULTS = Path(os.environ.get("REGULARS_BENCH_RESULTS", "data/bench"))
REFERENCE = Path(__file__).parent / "reference"
MEMORY = "2GB"

# What the marts say, in the columns of the reference's table of the same name in the list.
CORE = {
    "fct_sales": (
        "select store_id, receipt_id, line_no, business_date, customer_id, qty, net_amount,"
        " is_refund, is_linked from {}",
        "marts.fct_sales",
    ),
    "customer_days": (
        "select customer_id, business_date, receipts, line_count, items, net_spend from {}",
        "intermediate.int_sales__customer_days_summarised",
    ),
    "store_days": (
        "select store_id, business_date, sum({lines}) as line_count, sum(net_amount) as net_amount"
        " from {} group by all",
        "marts.fct_sales",
    ),
    "mart_customer_year": (
        "select customer_id, year, receipts, purchase_days, line_count, items, net_spend,"
        " first_purchase_date, last_purchase_date from {}",
        "marts.mart_customer_year",
    ),
    "mart_customer_tier": (
        "select customer_id, year, net_spend, tier, gap_flag from {}",
        "marts.mart_customer_tier",
    ),
    "mart_tier_movement": (
        "select year, from_tier, to_tier, customers, spend from {}",
        "marts.mart_tier_movement",
    ),
    "mart_lifecycle": (
        "select customer_id, stage5, tenure_days, days_since_purchase, receipts, reactivated_at"
        " from {} where receipts > 0",
        "marts.mart_lifecycle",
    ),
    "mart_customer_360": (
        "select customer_id, first_purchase_date, last_purchase_date, stage5, tier from {}"
        " where first_purchase_date is not null",
        "marts.mart_customer_360",
    ),
    "mart_retention": (
        "select period_kind, period_start, base, retained from {} where {all_segments}",
        "marts.mart_retention",
    ),
    "mart_complaint_sla": (
        "select complaint_id, due_response, due_resolve, met_response, met_resolve from {}",
        "marts.mart_complaint_sla",
    ),
    "mart_nps": (
        "select {year} as year, n, promoters, passives, detractors, nps from {} where {years}",
        "marts.mart_nps",
    ),
}
OURS = {
    "lines": "1",
    "all_segments": "segment_kind = 'all'",
    "year": "cast(period as integer)",
    "years": "period_type = 'year' and breakdown = 'all'",
}
THEIRS = {"lines": "line_count", "all_segments": "true", "year": "year", "years": "true"}

# Each step is a fresh process that prints wall and CPU seconds and peak MiB, its imports left out.
STEP = """
import json, re, sys, time
from datetime import date
from pathlib import Path
import duckdb
{imports}
def peak():
    # Not ru_maxrss, which begins with what the process held that started this one.
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024
wall, cpu = time.perf_counter(), time.process_time()
{code}
print(json.dumps([time.perf_counter() - wall, time.process_time() - cpu, peak()]))
"""
PRODUCT = """
import dbt.cli.main, great_expectations
from regulars.feeds.contract import FEEDS
from regulars.feeds.ingest import find_batches, load_batch
from regulars.settings import load_settings
from regulars.warehouse.build import build_warehouse
from regulars.warehouse.dbt import run_dbt, run_models
"""
INGEST = "for batch in find_batches(list(FEEDS), None, date(2014, 12, 31)): load_batch(batch)"
BUILD = "build_warehouse()"
CORE_MARTS = sorted({f"+{mart.split('.')[1]}" for _, mart in CORE.values() if "360" not in mart})
CORE_BUILD = f"run_models(load_settings(), {CORE_MARTS})"
EMPTY = "run_dbt(load_settings(), full_refresh=False)"
PLAIN = """
connection = duckdb.connect({database!r}, config={{"memory_limit": {memory!r}}})
connection.execute("set variable lake = '{lake}'")
connection.execute("set variable as_of = date '{as_of}'")
connection.execute("set variable fresh = {fresh!r}")
for path in {files!r}:
    connection.execute(Path(path).read_text())
connection.close()
"""


def step(code: str, imports: str = "") -> dict[str, float]:
    """Seconds and MiB of a step."""
    program = STEP.format(imports=imports, code=code)
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return dict(zip(("wall", "cpu", "peak"), json.loads(done.stdout.split("\n")[-2]), strict=True))


def reference(home: Path, *names: str, as_of: object, fresh: list[str] = ()) -> dict[str, float]:
    """Run files of the reference on the database beside the home."""
    return step(
        PLAIN.format(
            database=str(home / "reference.duckdb"),
            memory=MEMORY,
            lake=home / "lake",
            as_of=as_of,
            fresh=list(fresh),
            files=[str(REFERENCE / f"{name}.sql") for name in names],
        )
    )


def differences(home: Path) -> dict[str, int]:
    """By table of the reference, how many rows are in one and not in the other."""
    found = {}
    with duckdb.connect() as connection:
        for name, file in (("ours", "warehouse/regulars"), ("plain", "reference")):
            connection.execute(f"attach '{home / file}.duckdb' as {name} (read_only)")
        for table, (query, mart) in CORE.items():
            one = query.format(f"ours.{mart}", **OURS)
            other = query.format(f"plain.main.{table}", **THEIRS)
            (found[table],) = connection.execute(
                f"select count(*) from ((({one}) except all ({other}))"
                f" union all (({other}) except all ({one})))"
            ).fetchone()
    return found


def one_round(home: Path, of: Chain, compare: bool) -> dict[str, dict[str, float]]:
    """All steps on the history of a chain; the landing folder holds it, and no night."""
    for name in ("lake", "warehouse", "vault", "keys"):
        shutil.rmtree(home / name, ignore_errors=True)
    (home / "reference.duckdb").unlink(missing_ok=True)
    taken = {}
    ingest = step(INGEST, PRODUCT)
    taken["full build"] = step(BUILD, PRODUCT)
    taken["backfill"] = {
        "wall": ingest["wall"] + taken["full build"]["wall"],
        "cpu": ingest["cpu"] + taken["full build"]["cpu"],
        "peak": max(ingest["peak"], taken["full build"]["peak"]),
    }
    taken["reference build"] = reference(home, "history", "states", as_of=chain.EVE)
    if compare:
        assert not any(differences(home).values()), differences(home)
    taken["core build"] = step(CORE_BUILD, PRODUCT)
    taken["first night"] = step(EMPTY, PRODUCT)
    taken["empty build"] = step(EMPTY, PRODUCT)
    held = set((home / "lake" / "pos_sales").iterdir())
    chain.deliver_night(home / "landing", *of)
    step(INGEST, PRODUCT)
    fresh = [str(path) for path in set((home / "lake" / "pos_sales").iterdir()) - held]
    taken["night"] = step(BUILD, PRODUCT)
    taken["reference night"] = reference(home, "night", "states", as_of=chain.NIGHT, fresh=fresh)
    if compare:
        assert not any(differences(home).values()), differences(home)
    for folder in (home / "landing").glob(f"*/{chain.NIGHT}"):
        shutil.rmtree(folder)
    return taken


@pytest.mark.skipif(not CHAINS, reason="REGULARS_BENCH_CHAINS names no chain")
def test_builds_and_nights_against_the_reference(tmp_path, monkeypatch):
    monkeypatch.setenv("REGULARS_SETTINGS", str(tmp_path / "none.toml"))
    monkeypatch.setenv("REGULARS_SETTLE_SECONDS", "0")
    monkeypatch.setenv("REGULARS_LANDED_FILES", "kept")
    monkeypatch.setenv("REGULARS_MEMORY_LIMIT", MEMORY)
    homes = {each: tmp_path / "-".join(map(str, each)) for each in CHAINS}
    for each, home in homes.items():
        chain.deliver_history(home / "landing", *each)
    rounds: dict[Chain, list] = {each: [] for each in CHAINS}
    for number in range(ROUNDS):
        for each, home in homes.items():
            monkeypatch.setenv("REGULARS_HOME", str(home))
            rounds[each].append(one_round(home, each, compare=number == 0))
            print(f"\nround {number + 1}, {each}: {rounds[each][-1]}", flush=True)
            report(rounds)


def report(rounds: dict[Chain, list]) -> None:
    """Print medians and ratios, write them and their plot."""
    rows = [
        {
            "lines": each.lines,
            "members": each.members,
            "step": name,
            "rounds": len(taken),
            "wall": statistics.median(one[name]["wall"] for one in taken),
            "cpu": statistics.median(one[name]["cpu"] for one in taken),
            "peak": max(one[name]["peak"] for one in taken),
        }
        for each, taken in rounds.items()
        for name in (taken[0] if taken else [])
    ]
    for row in rows:
        print(
            f"{Chain(row['lines'], row['members'])}  {row['step']:<16} wall {row['wall']:8.2f} s"
            f"  CPU {row['cpu']:8.2f} s  peak {row['peak']:6,.0f} MiB"
        )
    ratios = []
    smallest = min(rounds)
    for each in (each for each, taken in rounds.items() if taken):
        for clock in ("wall", "cpu"):
            of = {row["step"]: row[clock] for row in rows if (row["lines"], row["members"]) == each}
            first = {
                name: statistics.median(one[name][clock] for one in rounds[smallest])
                for name in ("night", "reference night")
            }
            found = {
                "full build / reference build": of["full build"] / of["reference build"],
                "core build / reference build": of["core build"] / of["reference build"],
                "night / (reference night + empty build)": of["night"]
                / (of["reference night"] + of["empty build"]),
                "backfill / full build": of["backfill"] / of["full build"],
                **{f"{name} / that of {smallest}": of[name] / first[name] for name in first},
            }
            ratios.append({**each._asdict(), "clock": clock, **found})
            for name, ratio in found.items():
                print(f"{each}  {clock:<4} {name}: {ratio:.2f}")
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / "nights.json").write_text(
        json.dumps(
            {
                "medians": rows,
                "ratios": ratios,
                "rounds": {str(each): taken for each, taken in rounds.items()},
            },
            indent=1,
        )
    )
    kinds = {
        "a member for 25 lines": lambda row: row["lines"] // 25 == row["members"],
        f"{smallest.members:,} members": lambda row: row["members"] == smallest.members,
    }
    plot = (
        alt.Chart(
            alt.Data(
                values=[
                    row | {"kind": kind}
                    for kind, is_one in kinds.items()
                    for row in rows
                    if is_one(row)
                ]
            )
        )
        .mark_line(point=True)
        .encode(
            x=alt.X("lines:Q", scale=alt.Scale(type="log"), title="lines of history"),
            y=alt.Y("cpu:Q", scale=alt.Scale(type="log"), title="CPU seconds, median"),
            color=alt.Color("step:N", title=None),
            column=alt.Column("kind:N", title=None),
        )
        .properties(width=360, height=320)
    )
    (RESULTS / "nights.svg").write_text(vl_convert.vegalite_to_svg(plot.to_json()))
