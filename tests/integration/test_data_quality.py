"""What the quality marts say about the demo chain, against what its simulation did to the files."""

import csv
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
import yaml

from regulars.feeds.contract import CONTRACTS, FEEDS, SUFFIX, load_contract
from regulars.settings import PROJECT_ROOT

SEEDS = PROJECT_ROOT / "dbt_project" / "seeds"


def ask(warehouse: Path, query: str) -> list[tuple]:
    with duckdb.connect(warehouse, read_only=True) as connection:
        return connection.execute(query).fetchall()


def seed(name: str) -> list[dict[str, str]]:
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.mark.requirement("DQ-06")
def test_reconciliation_by_store_and_date_adds_up_to_the_files(warehouse, small_chain):
    _, chain = small_chain
    counts = ("received", "accepted", "duplicate", "quarantined")
    found = ask(
        warehouse,
        "select feed, sum(rows_received), sum(rows_accepted), sum(rows_duplicate),"
        " sum(rows_quarantined) from marts.rpt_reconciliation group by feed",
    )
    assert {feed: tuple(rest) for feed, *rest in found} == {
        feed: tuple(truth[name] for name in counts) for feed, truth in chain.truth["rows"].items()
    }
    ((in_marts, difference),) = ask(
        warehouse,
        "select sum(net_amount_in_marts), sum(abs(net_amount_difference))"
        " from marts.rpt_reconciliation",
    )
    sold = chain.tables["pos_sales"].to_pandas()
    assert in_marts == sum(sold[~sold["void"].fillna(False).astype(bool)]["net_amount"])
    assert difference == Decimal("0.00")


@pytest.mark.requirement("DQ-05", "DQ-06")
def test_quarantine_holds_exactly_the_rows_that_were_spoilt(warehouse, small_chain):
    _, chain = small_chain
    found = ask(
        warehouse, "select file_path, file_row, column_name, status from marts.audit_quarantine"
    )
    assert {tuple(row[:3]) for row in found} == {
        (path, row["file_row"], row["column"])
        for path, rows in chain.truth["dirty"].items()
        for row in rows
    }
    assert {row[3] for row in found} == {"open"}


@pytest.mark.requirement("FEED-12")
def test_a_store_that_delivers_late_is_stale_until_then(warehouse, small_chain):
    _, chain = small_chain
    late = "\n".join(chain.truth["late_files"])
    form = r"^pos_sales/([0-9-]+)/(s[0-9]+)_([0-9-]+)_late"
    ((arrived, store, missed),) = re.findall(form, late, re.MULTILINE)
    assert ask(
        warehouse,
        "select opened_at, closed_at, status from marts.fct_alerts where alert_code = 'DQ_STALE'"
        f" and entity_id = '{store.upper()}' and opened_at = date '{missed}'",
    ) == [(date.fromisoformat(missed), date.fromisoformat(arrived), "closed")]


@pytest.mark.requirement("FEED-11", "CHAN-01")
def test_every_sale_has_a_channel_of_one_class(warehouse):
    assert (
        ask(
            warehouse,
            "select channel from marts.fct_sales except select channel from marts.dim_channel",
        )
        == []
    )


@pytest.mark.requirement("FEED-04", "ARCH-04")
def test_the_newest_period_of_a_member_is_what_was_delivered_last(warehouse, small_chain):
    _, chain = small_chain
    members = chain.tables["customers"].select(["customer_id", "city"]).to_pylist()
    owner = {pair["also"]: pair["customer_id"] for pair in chain.truth["second_cards"]}
    delivered: dict[str, set[str]] = {}
    for member in members:
        customer = owner.get(member["customer_id"], member["customer_id"])
        delivered.setdefault(customer, set()).add(member["city"])
    found = dict(
        ask(warehouse, "select customer_id, city from marts.dim_customer_history where is_current")
    )
    assert found.keys() == delivered.keys()
    assert [c for c, city in found.items() if city not in delivered[c]] == []


@pytest.mark.requirement("RISK-02", "MIS-06")
def test_every_alert_code_has_a_runbook_page():
    codes = seed("ref_alerts")
    assert codes
    for code in codes:
        page = PROJECT_ROOT / "docs" / code["runbook"]
        assert page.read_text("utf-8").startswith(f"# {code['alert_code']}"), page


@pytest.mark.requirement("FEED-12", "DQ-05")
def test_staleness_and_lateness_follow_the_contracts():
    promised = {"freshness": {}, "latency": {}}
    for feed in FEEDS:
        contract = yaml.safe_load((CONTRACTS / f"{feed}{SUFFIX}").read_text("utf-8"))
        for term in contract["slaProperties"]:
            assert term["unit"] == "d"
            promised[term["property"]][feed] = term["value"]
    parameters = {
        row["code"]: int(row["value"]) for row in seed("ref_parameters") if row["unit"] == "d"
    }
    for code, term in (("stale_days_", "freshness"), ("late_days_", "latency")):
        stated = {
            name.removeprefix(code): n for name, n in parameters.items() if name.startswith(code)
        }
        assert stated == promised[term]
    assert set(promised["freshness"]) == {row["feed"] for row in seed("ref_feeds")} == set(FEEDS)
    # Only feeds whose rows are dated can be late.
    assert set(promised["latency"]) == {f for f in FEEDS if load_contract(f).event_column}
