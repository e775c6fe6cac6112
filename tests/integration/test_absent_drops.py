"""A chain that delivers sales, members and complaints and not a single reference drop."""

from datetime import date

import duckdb
import pytest

from regulars.code_version import code_version
from regulars.feeds.contract import FEEDS
from regulars.feeds.ingest import find_batches, load_batch
from regulars.settings import load_settings
from regulars.warehouse.connection import connect
from regulars.warehouse.dbt import run_dbt
from regulars.warehouse.sync import committed_batches, sync

DELIVERED = {
    "pos_sales": (
        "receipt_id,line_no,store_id,sold_at,product_code,qty,unit_price,net_amount,customer_id\n"
        "r1,1,S01,2014-12-30T12:00:00,P1,1,60,60,c1\n"
        "r2,1,S01,2014-12-30T13:00:00,P2,1,40,40,\n"
    ),
    "products": "product_code,name,series\nP1,仙草冻,仙草\nP2,仙芋冰,仙芋\nP3,茶,古味茶饮\n",
    "stores": "store_id,name,timezone,opened_at\nS01,店,Asia/Shanghai,2009-05-01\n",
    "customers": (
        "customer_id,city,created_at\n"
        "c1,　上海市,2014-12-01T10:00:00\n"
        "c2,南京,2014-12-01T10:00:00\n"
    ),
    "complaints": (
        "complaint_id,received_at,channel,customer_id,city\n"
        "k1,2014-12-30T10:00:00,Phone,c1,北京\n"
        "k2,2014-12-30T10:00:00,phone,c2,南京市\n"
    ),
}
# What may stand in the one row of a report that has no data.
TOLD = {"status", "as_of"}
REPORTS = {
    "mart_market": "FEED-17",
    "mart_service": "FEED-08",
    "mart_unmet_demand": "FEED-15",
    "rpt_open_requests": "FEED-14",
    "rpt_outlet_custody": "FEED-18",
    "rpt_personalisation": "CARE-07",
}


@pytest.fixture(scope="module")
def ask(tmp_path_factory):
    """Queries of the built warehouse as lists of dicts."""
    folder = tmp_path_factory.mktemp("bare")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("REGULARS_HOME", str(folder / "home"))
        environment.setenv("REGULARS_SETTINGS", str(folder / "none.toml"))
        environment.setenv("REGULARS_SETTLE_SECONDS", "0")
        settings = load_settings()
        for feed, text in DELIVERED.items():
            path = settings.landing / feed / "2014-12-30" / f"{feed}.csv"
            path.parent.mkdir(parents=True)
            path.write_text(text, encoding="utf-8")
        for batch in find_batches(FEEDS, None, date(2014, 12, 30)):
            load_batch(batch)
        with connect(settings) as connection:
            sync(connection, settings, committed_batches(settings.lake), code_version())
        run_dbt(settings)

    def query(sql: str) -> list[dict]:
        with duckdb.connect(settings.warehouse, read_only=True) as connection:
            found = connection.execute(sql)
            names = [column[0] for column in found.description]
            return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    return query


def test_a_table_has_the_same_types_whatever_was_delivered(ask, warehouse):
    """A view keeps the types of its tables, and stays when the tables are made anew."""
    found = (
        "select schema_name, table_name, column_name, data_type from duckdb_columns()"
        " where schema_name in ('staging', 'intermediate', 'marts')"
    )
    with duckdb.connect(warehouse, read_only=True) as connection:
        full = {tuple(names): told for *names, told in connection.execute(found).fetchall()}
    bare = {tuple(names): told for *names, told in (row.values() for row in ask(found))}
    both = full.keys() & bare.keys()
    assert {table for _, table, _ in both} > {"mart_customer_360", "stg_pos__sale_versions"}
    assert {name: bare[name] for name in both} == {name: full[name] for name in both}


@pytest.mark.requirement("FEED-12")
def test_freshness_of_every_absent_drop_is_no_data(ask):
    found = ask("select * from marts.rpt_freshness where store_id is null")
    assert {row["feed"]: row["status"] for row in found} == {
        feed: "fresh" if feed in DELIVERED else "no data" for feed in FEEDS
    }
    assert {row["days_since_delivery"] for row in found} == {0, None}
    assert ask("select * from marts.fct_alerts where alert_code = 'DQ_STALE'") == []


@pytest.mark.parametrize(
    "report", [pytest.param(r, marks=pytest.mark.requirement(i)) for r, i in REPORTS.items()]
)
def test_report_without_its_drop_says_no_data_and_never_0(report, ask):
    (row,) = ask(f"select * from marts.{report}")
    assert row["status"] == "no data"
    assert {name for name, value in row.items() if value is not None} == TOLD


@pytest.mark.requirement("FEED-05", "FEED-09", "MIS-06")
def test_reports_over_several_sources_say_which_have_no_data(ask):
    (profile,) = ask(
        "select distinct status, profile_completeness from marts.mart_customer_profile"
    )
    assert profile == {"status": "no data", "profile_completeness": None}
    mix = ask("select feed, status, row_count from marts.rpt_collection_mix")
    assert {row["feed"] for row in mix if row["status"] == "no data"} == {
        *("survey_responses", "ref_consents", "ref_feedback", "ref_interactions", "ref_prospects")
    }
    assert all((row["row_count"] is None) == (row["status"] == "no data") for row in mix)
    use = ask("select distinct status, reads from marts.rpt_report_use")
    assert use == [{"status": "no data", "reads": None}]


@pytest.mark.requirement("DQ-08")
def test_city_of_member_and_complaint_conflict(ask):
    found = ask(
        "select customer_id, feed, stated_value, winning_feed, winning_value"
        " from marts.rpt_source_conflicts where status = 'conflict'"
    )
    assert found == [
        {
            "customer_id": "c1",
            "feed": "complaints",
            "stated_value": "北京",
            "winning_feed": "customers",
            "winning_value": "上海",
        }
    ]
    absent = ask("select distinct feed from marts.rpt_source_conflicts where status = 'no data'")
    assert {row["feed"] for row in absent} == {"ref_members", "ref_consents", "ref_prospects"}


@pytest.mark.requirement("DQ-02", "DQ-07", "DQ-13")
def test_spellings_are_corrected_listed_and_kept_in_the_lake(ask):
    found = ask(
        "select feed, row_key, column_name, before_value, after_value, rule"
        " from marts.dq_corrections order by feed, row_key"
    )
    assert [tuple(row.values()) for row in found] == [
        ("complaints", "k1", "channel", "Phone", "phone", "case"),
        ("complaints", "k2", "city", "南京市", "南京", "alias"),
        ("customers", "c1", "city", "　上海市", "上海", "width blanks alias"),
        ("products", "P1", "series", "仙草", "仙芋系列", "alias"),
        ("products", "P2", "series", "仙芋", "仙芋系列", "alias"),
    ]
    assert ask("select city from raw.customers where customer_id = 'c1'") == [{"city": "　上海市"}]
    series = ask("select product_code, series from marts.dim_product order by product_code")
    assert [row["series"] for row in series] == ["仙芋系列", "仙芋系列", "古味茶饮"]
    assert ask("select distinct city from marts.mart_customer_year where customer_id = 'c1'") == [
        {"city": "上海"}
    ]


@pytest.mark.requirement("DQ-10")
def test_sixty_of_a_hundred_yuan_identified_are_0_60(ask):
    found = ask("select coverage_pct from marts.mart_customer_year where customer_id = 'c1'")
    assert found == [{"coverage_pct": 0.6}]


@pytest.mark.requirement("PERF-01", "PERF-02", "PERF-14", "PERF-23")
def test_scorecard_names_every_missing_input_and_shows_no_zero(ask):
    cards = ask(
        "select kpi, value, no_data_reason, is_core, is_relationship"
        " from marts.mart_kpi_scorecard"
        " where period_kind = 'quarter' and period_start = date '2014-07-01'"
    )
    assert sum(card["is_core"] for card in cards) == 8
    assert sum(card["is_relationship"] for card in cards) == 6
    assert {card["kpi"]: card["value"] for card in cards if card["value"] is not None} == {}
    reasons = {card["kpi"]: card["no_data_reason"] for card in cards}
    never = {kpi: why.split(": ")[1] for kpi, why in reasons.items() if why.startswith("never")}
    assert never == {
        "acquisition_cost": "ref_spend",
        "alert_precision": "ref_risks",
        "brand_awareness": "ref_brand",
        "brand_influence": "ref_brand",
        "complaints_in_time": "complaint_events",
        "contact_frequency": "ref_interactions",
        "cost_benefit_ratio": "ref_spend",
        "csat_mean_100": "survey_responses",
        "handover_waiting_share": "complaint_events",
        "loyalty_index": "survey_responses",
        "market_coverage": "ref_market",
        "market_share": "ref_market",
        "training_pass_rate": "ref_training",
    }
    # What the tills alone can tell says that they told nothing of that quarter.
    assert {kpi: reasons[kpi] for kpi in ("net_sales", "new_customers")} == {
        "net_sales": "missing for the period or a part of it: pos_sales",
        "new_customers": "no known customers",
    }
    assert ask("select count(*) as zeros from marts.mart_kpi_scorecard where value = 0") == [
        {"zeros": 0}
    ]
    (page,) = ask("select count(*) as tiles from marts.rpt_executive where section = 'headline'")
    assert page == {"tiles": 4}
