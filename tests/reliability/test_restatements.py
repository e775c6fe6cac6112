"""What was said and why it is said differently now: late rows, corrections, identity, rules."""

import csv
import json
import os
import shutil
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from differences import differences

from regulars.demo import Chain, deliver, simulate
from regulars.feeds.contract import FEEDS
from regulars.feeds.ingest import find_batches, load_batch
from regulars.settings import PROJECT_ROOT, load_settings
from regulars.warehouse.build import build_warehouse
from regulars.warehouse.connection import connect
from regulars.warehouse.publish import DATABASE, current, publish_version
from regulars.warehouse.quality import judge_marts
from regulars.warehouse.restate import split_restatements

pytestmark = pytest.mark.slow
LAST = date(2014, 12, 31)
EFFECTS = ("rule", "late", "correction", "identity", "later_days")
# As the DAG does, with the code that lies where it is run.
NIGHT = """
from regulars.warehouse.build import build_warehouse
from regulars.warehouse.publish import publish_version
from regulars.warehouse.quality import judge_marts
build_warehouse()
judge_marts()
publish_version()
"""


@pytest.fixture(scope="module")
def chain(tmp_path_factory):
    """A small chain, loaded and published."""
    with pytest.MonkeyPatch.context() as environment:
        folder = tmp_path_factory.mktemp("restatements")
        environment.setenv("REGULARS_HOME", str(folder / "home"))
        environment.setenv("REGULARS_SETTINGS", str(folder / "none.toml"))
        environment.setenv("REGULARS_SETTLE_SECONDS", "0")
        simulated = simulate(scale=0.02)
        deliver(simulated, load_settings().landing)
        night()
        yield simulated


def night() -> Path:
    for batch in find_batches(FEEDS, None, LAST):
        load_batch(batch)
    build_warehouse()
    judge_marts()
    publish_version()
    return current()


def deliver_rows(feed: str, name: str, *rows: dict) -> None:
    folder = load_settings().landing / feed / str(LAST)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def restatements(folder: Path) -> dict[tuple, dict]:
    """Rows of ``rpt_restatements`` by figure, kind and start of the period, and version."""
    with duckdb.connect(folder / DATABASE, read_only=True) as connection:
        rows = connection.execute("from rpt_restatements").fetch_arrow_table().to_pylist()
    return {
        (row["figure"], row["period_kind"], str(row["period_start"]), row["version_after"]): row
        for row in rows
    }


def effects(row: dict) -> dict[str, Decimal]:
    return {name: row[f"{name}_effect"] for name in EFFECTS if row[f"{name}_effect"]}


def contradict(chain: Chain) -> None:
    """Deliver a late receipt of 18.00, a sale less 1.00, and two members who are one."""
    with connect(load_settings(), read_only=True) as connection:
        sold = connection.execute("""
            select receipt_id, line_no, store_id, sold_at, product_code, qty, unit_price,
                net_amount, customer_id
            from raw.pos_sales
            where sold_at between '2014-12-10' and '2014-12-20' and not sold_at_is_utc
                and extract(hour from sold_at) between 9 and 20 and customer_id is not null
                and refund_of is null and net_amount = qty * unit_price and net_amount > 10
            order by all
        """)
        names = [column[0] for column in sold.description]
        sale = dict(zip(names, sold.fetchone(), strict=True))
        twins = connection.execute("""
            select customer_id from intermediate.int_sales__lines_kept
            where business_date between '2014-11-01' and '2014-12-28'
                and customer_id in (
                    select customer_id from marts.dim_customer_identity
                    group by customer_id having count(*) = 1
                )
            group by customer_id order by customer_id limit 2
        """).fetchall()
    changed = {
        "net_amount": sale["net_amount"] - 1,
        "sold_at": sale["sold_at"].isoformat(),
        "updated_at": "2014-12-31T20:00:00",
    }
    deliver_rows("pos_sales", "corrected.csv", sale | changed)
    late = {
        "receipt_id": "late1",
        "line_no": 1,
        "store_id": sale["store_id"],
        "sold_at": "2014-12-20T12:00:00",
        "product_code": sale["product_code"],
        "qty": 1,
        "unit_price": 18,
        "net_amount": 18,
    }
    deliver_rows("pos_sales", "late.csv", late)
    members = {row["customer_id"]: row for row in chain.tables["customers"].to_pylist()}
    elder, younger = (members[number] for (number,) in twins)
    same = ("name", "phone", "birth_date")
    # Later than what the chain itself delivered that day.
    told = {name: elder[name] for name in same} | {"updated_at": "2014-12-31T23:30:00"}
    created = str(younger["created_at"]).replace(" ", "T")
    row = {"customer_id": younger["customer_id"], "created_at": created} | told
    deliver_rows("customers", "moved.csv", row)


@pytest.mark.requirement("DQ-12")
def test_a_difference_is_split_into_late_data_correction_and_identity(chain):
    assert restatements(current()) == {}
    contradict(chain)
    night()
    found = restatements(current())
    assert found
    assert {row["status"] for row in found.values()} == {"not split yet"}

    split = split_restatements()
    assert (split["before"], split["after"], split["restated"]) == ("000001", "000002", len(found))
    found = restatements(night())
    assert {row["status"] for row in found.values()} == {"split"}
    cents = Decimal(1)
    for kind, start in (("month", "2014-12-01"), ("quarter", "2014-10-01"), ("year", "2014-01-01")):
        sales = found["net_sales", kind, start, 2]
        assert sales["difference"] == 17 * cents
        assert effects(sales) == {"late": 18 * cents, "correction": -1 * cents}
        known = found["identified_sales", kind, start, 2]
        assert effects(known) == {"correction": -1 * cents}
        customers = found["closing_customers", kind, start, 2]
        assert effects(customers) == {"identity": -1 * cents}
    for key, row in found.items():
        assert row["difference"] == sum(effects(row).values()), key
        # The same date, and rules that are the same: what was said then can be built again.
        assert {"rule", "later_days"}.isdisjoint(effects(row)), key


@pytest.mark.requirement("DQ-12")
def test_a_changed_rule_counts_from_its_date_and_equals_a_rebuild(chain, tmp_path):
    """One row more in a dated seed, in a copy of the project, and the night run again."""
    before = current()
    for folder in ("plugins", "dbt_project", "expectations", "dashboards"):
        shutil.copytree(
            PROJECT_ROOT / folder,
            tmp_path / folder,
            ignore=shutil.ignore_patterns("target", "logs", "__pycache__"),
        )
    seed = tmp_path / "dbt_project" / "seeds" / "ref_parameters.csv"
    with seed.open("a", encoding="utf-8") as file:
        file.write("tier_b_min,100,CNY,2014-01-01,A test of a changed rule,TIER-01,test,true\n")

    def run() -> Path:
        environment = os.environ | {"PYTHONPATH": str(tmp_path / "plugins")}
        subprocess.run([sys.executable, "-c", NIGHT], env=environment, check=True)
        return current()

    changed = run()
    assert changed != before
    # Which rules a version has is said of it.
    rules = [
        json.loads((one / "version.json").read_text())["rules_version"] for one in (before, changed)
    ]
    assert rules[0] != rules[1]
    for table, day in (
        ("mart_customer_tier", "make_date(year, 12, 31)"),
        ("mart_customer_year", "make_date(year, 12, 31)"),
        ("mart_tier_movement", "make_date(year, 12, 31)"),
        ("rpt_figures_told", "period_end"),
        ("fct_sales", "business_date"),
    ):
        assert other_rows(before, changed, table, f"{day} < date '2014-01-01'") == 0, table
    assert other_rows(before, changed, "mart_customer_tier", "year >= 2014") > 0
    shutil.rmtree(load_settings().warehouse.parent)
    assert differences(changed, run()) == ""


def other_rows(one: Path, other: Path, table: str, where: str) -> int:
    """Rows of the condition that only one of two versions holds."""
    with duckdb.connect() as connection:
        for name, folder in (("one", one), ("other", other)):
            connection.execute(f"attach '{folder / DATABASE}' as {name} (read_only)")
        rows = f"from %s.{table} where {where}"
        return connection.execute(
            f"select count(*) from (({rows % 'one'} except all {rows % 'other'})"
            f" union all ({rows % 'other'} except all {rows % 'one'}))"
        ).fetchone()[0]
