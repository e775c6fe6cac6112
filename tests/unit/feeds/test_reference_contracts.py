"""Contracts: valid by the standard, and every row rule of a reference drop turns a bad row away."""

import json
import re
from datetime import date
from pathlib import Path

import duckdb
import jsonschema
import open_data_contract_standard
import pyarrow as pa
import pytest
import yaml

from regulars.demo import simulate
from regulars.demo.delivery import written
from regulars.feeds.checks import checked_select
from regulars.feeds.contract import CONTRACTS, FEEDS, load_contract
from regulars.feeds.sql import identifier

DROPS = [feed for feed in FEEDS if feed.startswith("ref_")]
DELIVERED = date(2014, 12, 31)
LATER = "2015-01-15"
# What must be changed in an ordinary row so that a rule is the first to fail; rules that only list
# the accepted values are broken by a value of no list.
BROKEN = {
    "ref_access_policy": {
        "object_is_a_name": {"object": "fct_%"},
        "columns_are_names": {"columns": "store_id, net_amount"},
        "rows_name_one_value": {"rows": "1"},
        "grant_ends_after_start": {"to_date": "2011-12-31"},
    },
    "ref_agreements": {
        "ends_after_start": {"valid_to": "2011-12-31"},
        "duty_outlasts_agreement": {"valid_to": "2014-06-30", "obligation_to": "2014-01-01"},
    },
    "ref_brand": {
        "period_begins": {"period": "2014-02-01"},
        "value_not_negative": {"value": "-1"},
        "shares_up_to_one": {"value": "40", "unit": "share"},
    },
    "ref_campaigns": {
        "level_one_to_three": {"relation_level": "4"},
        "ends_after_start": {"end_date": "2011-12-31"},
        "price_not_negative": {"advertised_price": "-1"},
        "budget_not_negative": {"budget": "-1"},
        "control_is_a_share": {"control_share": "1.5"},
        "currency_is_iso_4217": {"currency": "元"},
    },
    "ref_channels": {
        "channel_in_lower_case": {"channel": "Store "},
        "reach_not_negative": {"reach": "-1"},
        "ends_after_start": {"to_date": "2011-12-31"},
    },
    "ref_competitors": {
        "promotion_has_dates": {"topic": "promotion", "end_date": None},
        "counts_have_a_value": {"topic": "outlets", "value": None},
        "ends_after_start": {"start_date": "2014-02-02", "end_date": "2014-02-01"},
        "observed_by_delivery": {"observed_date": LATER},
    },
    "ref_consents": {
        "indirect_names_its_source": {"collection_mode": "indirect", "source_name": None},
        "withdrawn_after_given": {"withdrawn_at": "2011-12-31T10:00:00"},
        "window_opens_at_a_time": {"contact_from": "9"},
        "window_closes_at_a_time": {"contact_to": "24:00"},
    },
    "ref_crisis_plans": {
        "crisis_has_a_start": {"record": "crisis"},
        "plan_started_after_detection": {
            "detected_at": "2014-08-04T10:00:00",
            "plan_started_at": "2014-08-04T09:59:59",
        },
        "statement_after_detection": {
            "detected_at": "2014-08-04T10:00:00",
            "statement_at": "2014-08-04T09:00:00",
        },
        "closed_after_detection": {
            "detected_at": "2014-08-04T10:00:00",
            "closed_at": "2014-08-03T10:00:00",
        },
        "reviewed_after_closing": {
            "closed_at": "2014-08-10T10:00:00",
            "reviewed_date": "2014-08-08",
        },
    },
    "ref_feedback": {
        "sentiment_in_range": {"sentiment": "1.001"},
        "anonymous_has_no_customer": {"anonymous": "true", "customer_id": "M000001"},
        "anonymous_has_no_staff": {"anonymous": "true", "staff_id": "S01-02"},
        "launched_names_its_product": {"status": "launched", "product_code": None},
        "reward_for_adopted": {"reward_amount": "10.00", "status": None},
        "posted_by_delivery": {"posted_at": f"{LATER}T10:00:00"},
    },
    "ref_finance": {
        "period_begins": {"period": "2014-05-01", "period_kind": "quarter"},
        "levels_not_negative": {"account": "stock_value", "amount": "-1"},
        "quantity_has_a_unit": {"account": "stock_quantity", "unit": None},
        "currency_is_iso_4217": {"currency": "rmb"},
    },
    "ref_fx": {
        "currency_is_iso_4217": {"currency": "US$"},
        "to_currency_is_iso_4217": {"to_currency": "元"},
        "rate_positive": {"rate": "0"},
    },
    "ref_improvements": {
        "do_after_plan": {"do_date": "2011-12-31"},
        "check_after_do": {"do_date": None, "act_date": None},
        "act_after_check": {"act_date": "2013-12-19"},
        "after_needs_a_check": {"check_date": None, "act_date": None},
    },
    "ref_information_needs": {"timeliness_positive": {"timeliness_days": "0"}},
    "ref_interactions": {
        "service_has_one_phase": {"service_kind": "repair", "service_phase": None},
        "service_purpose_has_a_kind": {"purpose": "service", "service_kind": None},
        "closed_after_opened": {
            "opened_at": "2014-08-04T10:00:00",
            "closed_at": "2014-08-04T09:59:59",
        },
        "follow_up_has_a_due_date": {"follow_up_kind": "return_visit", "due_date": None},
        "gift_not_negative": {"gift_value": "-1"},
        "cost_not_negative": {"cost": "-1"},
        "at_by_delivery": {"at": f"{LATER}T10:00:00"},
    },
    "ref_market": {
        "period_begins": {"period": "2014-02-02", "period_kind": "month"},
        "published_by_delivery": {"published_at": LATER},
        "industry_not_negative": {"industry_sales": "-1"},
        "ours_within_industry": {"industry_sales": "100.00", "our_sales": "100.01"},
        "share_up_to_one": {"average_share": "20"},
        "churn_up_to_one": {"industry_churn": "10"},
        "rank_from_one": {"our_rank": "0"},
        "rivals_not_negative": {"rivals": "-1"},
        "footfall_not_negative": {"footfall": "-1"},
        "currency_is_iso_4217": {"currency": "CN"},
    },
    "ref_members": {
        "period_begins": {"period": "2014-02-01", "period_kind": "year"},
        "movements_not_negative": {"points_expired": "-1"},
        "balance_adds_up": {"points_closing": "999999"},
        "balance_not_negative": {
            "points_opening": "10",
            "points_earned": "0",
            "points_redeemed": "11",
            "points_expired": "0",
            "points_closing": "-1",
        },
        "taken_was_offered": {"rewards_offered": "1", "rewards_redeemed": "2"},
    },
    "ref_partners": {
        "profile_has_a_kind": {"record": "profile", "partner_kind": None},
        "left_after_joining": {"joined_date": "2012-01-01", "left_date": "2011-12-31"},
        "strategic_zero_to_hundred": {"score_strategic": "101"},
        "operational_zero_to_hundred": {"score_operational": "-1"},
        "relational_zero_to_hundred": {"score_relational": "101"},
        "quality_zero_to_hundred": {"quality_score": "101"},
        "supply_names_material": {"record": "supply", "material": None},
        "purchases_not_negative": {"purchase_amount": "-1"},
        "our_goods_within_capital": {"partner_capital": "100", "capital_in_our_goods": "101"},
        "profit_is_a_share": {"profit_share": "25"},
        "delivery_names_store_and_day": {"record": "delivery", "store_id": None},
        "outlet_has_a_number": {"record": "outlet", "outlet_id": None},
        "currency_is_iso_4217": {"currency": "cny"},
    },
    "ref_pestel": {
        "impact_one_to_five": {"impact": "6"},
        "item_from_one": {"item_no": "0"},
        "reviewed_by_delivery": {"reviewed_date": LATER},
    },
    "ref_plans": {
        "due_after_start": {"due_date": "2011-12-31"},
        "done_by_delivery": {"done_date": LATER},
        "number_from_one": {"milestone_no": "0"},
    },
    "ref_positioning": {"review_after_start": {"review_date": "2013-01-10"}},
    "ref_prospects": {
        "intent_after_contact": {"intent_date": "2011-12-31"},
        "bought_after_contact": {"customer_id": "M000001", "converted_date": "2011-12-31"},
        "converted_names_customer": {"customer_id": None, "converted_date": "2014-12-31"},
        "contacted_by_delivery": {
            "first_contact_date": LATER,
            "intent_date": None,
            "converted_date": None,
        },
    },
    "ref_questionnaire": {"position_from_one": {"position": "0"}},
    "ref_read_receipts": {
        "page_from_one": {"page_no": "0"},
        "read_after_report": {"report_date": "2014-12-05", "read_at": "2014-12-04T23:59:59"},
    },
    "ref_retention": {
        "months_positive": {"keep_months": "0"},
        "purge_is_approved": {"purge_until": "2014-12-01", "approved_by": None},
        "purge_not_ahead": {
            "purge_until": "2014-12-02",
            "approved_by": "HQ-01",
            "approved_date": "2014-12-01",
        },
    },
    "ref_risk_plans": {"drilled_by_delivery": {"drilled_date": LATER}},
    "ref_risks": {
        "legal_has_a_type": {"dimension": "legal", "legal_type": None},
        "likelihood_one_to_five": {"likelihood": "0"},
        "impact_one_to_five": {"impact": "6"},
        "closed_after_opened": {"closed_date": "2011-12-31"},
        "action_done_after_opened": {"action_done_date": "2011-12-31"},
    },
    "ref_service_times": {
        "served_after_order": {
            "ordered_at": "2014-12-20T10:00:00",
            "served_at": "2014-12-20T09:59:59",
        },
        "ordered_by_delivery": {"ordered_at": LATER, "served_at": LATER},
    },
    "ref_spend": {
        "period_begins": {"period": "2014-02-03", "period_kind": "month"},
        "version_from_one": {"version": "0"},
        "incentive_says_why": {"purpose": "incentive", "kpi": "csat", "reason": None},
        "currency_is_iso_4217": {"currency": "Yuan"},
    },
    "ref_staff": {
        "person_is_complete": {"record": "person", "role": None},
        "account_is_complete": {"record": "account", "customer_id": None},
        "left_after_joining": {"joined_date": "2012-01-01", "left_date": "2011-12-31"},
        "account_ends_after_start": {"from_date": "2014-02-02", "to_date": "2014-02-01"},
    },
    "ref_stage_policy": {
        "stage_known": {"lifecycle": "stage4", "stage": "lost"},
        "priority_from_one": {"priority": "0"},
    },
    "ref_swot": {
        "item_from_one": {"item_no": "0"},
        "reviewed_by_delivery": {"reviewed_date": LATER},
    },
    "ref_targets": {
        "due_after_start": {"start": "2015-01-01", "due": "2014-12-31"},
        "not_its_own_part": {"target_id": "T-1", "parent_id": "T-1"},
    },
    "ref_training": {
        "hours_positive": {"hours": "0"},
        "result_after_course": {"result_date": "2011-12-31"},
        "score_zero_to_hundred": {"score": "101"},
    },
}


@pytest.fixture(scope="module")
def chain():
    return simulate(scale=0.02)


@pytest.fixture(scope="module")
def standard():
    folder = Path(open_data_contract_standard.__file__).parent
    schema = json.loads((folder / "schema.json").read_text("utf-8"))
    return jsonschema.validators.validator_for(schema)(schema)


def problems(feed: str, rows: list[dict[str, str | None]]) -> list[str | None]:
    """The first rule that each row breaks; None where it breaks none."""
    contract = load_contract(feed)
    delivered = pa.table(
        {c.name: pa.array([row[c.name] for row in rows], pa.string()) for c in contract.columns}
        | {
            "_file_no": list(range(len(rows))),
            "_delivery_date": [DELIVERED] * len(rows),
            "_extra_lines": [0] * len(rows),
            "_is_broken": [False] * len(rows),
        }
    )
    mapped = {c.name: identifier(c.name) for c in contract.columns}
    checked = checked_select(contract, mapped, "delivered")
    with duckdb.connect() as connection:
        connection.register("delivered", delivered)
        sql = f"select problem from ({checked.sql}) order by file_no"
        found = connection.execute(sql).fetchall()
    return [None if n is None else checked.problems[n].rule for (n,) in found]


def delivered_rows(chain, feed: str) -> list[dict[str, str | None]]:
    """The rows of the demo chain as they stand in its files."""
    table = chain.tables[feed]
    columns = {name: written(table[name], None).to_pylist() for name in table.schema.names}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


# Rules of rows that the requirement itself names.
PROVED = {
    "ref_interactions": ("FEED-07", "FEED-08", "CARE-08", "CARE-11"),
    "ref_risks": ("RISK-05", "RISK-08"),
    "ref_service_times": ("CARE-14",),
    "ref_feedback": ("FEED-16",),
    "ref_consents": ("FEED-09",),
    # Acting before the check, a result before the course, a reward without KPI or reason.
    "ref_improvements": ("PERF-07",),
    "ref_training": ("PERF-11",),
    "ref_spend": ("PERF-12",),
}


def lists_values(rule) -> bool:
    return re.fullmatch(rf"{rule.column} in \([^()]*\)", rule.must) is not None


@pytest.mark.parametrize("feed", FEEDS)
def test_contract_is_valid_by_the_standard(feed, standard):
    contract = yaml.safe_load((CONTRACTS / f"{feed}.odcs.yaml").read_text("utf-8"))

    standard.validate(contract)
    assert contract["id"] == contract["schema"][0]["name"] == feed
    requirements = contract["schema"][0]["customProperties"][0]["value"]
    assert all(re.fullmatch(r"[A-Z0-9]+-\d\d", identifier) for identifier in requirements)


@pytest.mark.parametrize("feed", FEEDS)
def test_contract_says_what_every_column_is(feed):
    contract = yaml.safe_load((CONTRACTS / f"{feed}.odcs.yaml").read_text("utf-8"))
    loaded = load_contract(feed)

    assert loaded.key
    assert {loaded.column(name).required for name in loaded.key} == {True}
    classes = {"identifier", "contact", "sensitive", "free_text", "none"}
    assert {column.classification for column in loaded.columns} <= classes
    for column in contract["schema"][0]["properties"]:
        assert column["description"], column["name"]
    assert len({rule.name for rule in loaded.rules}) == len(loaded.rules)


def test_there_is_a_contract_for_every_drop():
    assert len(DROPS) == 35
    assert set(BROKEN) <= set(DROPS)


@pytest.mark.parametrize("feed", DROPS)
def test_rows_of_the_demo_break_no_rule(feed, chain):
    rows = delivered_rows(chain, feed)
    assert rows
    assert set(problems(feed, rows)) == {None}


@pytest.mark.parametrize(
    "feed",
    [pytest.param(d, marks=pytest.mark.requirement(*PROVED.get(d, ()))) for d in DROPS],
)
def test_every_rule_turns_a_bad_row_away(feed, chain):
    rules = load_contract(feed).rules
    changes = BROKEN.get(feed, {}) | {
        rule.name: {rule.column: "no such value"} for rule in rules if lists_values(rule)
    }
    assert set(changes) == {rule.name for rule in rules}

    good = delivered_rows(chain, feed)[0]
    bad = {name: good | change for name, change in changes.items()}
    assert dict(zip(bad, problems(feed, list(bad.values())), strict=True)) == {n: n for n in bad}


@pytest.mark.requirement("MIS-02")
@pytest.mark.parametrize("feed", DROPS)
def test_a_required_value_may_not_be_missing(feed, chain):
    required = [column.name for column in load_contract(feed).columns if column.required]
    good = delivered_rows(chain, feed)[0]

    found = problems(feed, [good | {name: None} for name in required])
    assert found == ["required"] * len(required)
    # Nothing is intelligence without its source and its day.
    if feed == "ref_competitors":
        assert {"source_name", "observed_date"} <= set(required)
    if feed == "ref_market":
        assert {"source_name", "published_at"} <= set(required)


@pytest.mark.requirement("RISK-04", "RISK-05", "RISK-08")
def test_a_risk_is_judged_in_full_and_answered_in_one_of_four_ways(chain):
    good = delivered_rows(chain, "ref_risks")[0]

    wanted = ("dimension", "likelihood", "impact", "evidence", "response")
    assert problems("ref_risks", [good | {name: None} for name in wanted]) == ["required"] * 5
    ways = ("avoid", "transfer", "mitigate", "accept", "ignore")
    found = problems("ref_risks", [good | {"response": way} for way in ways])
    assert found == [None] * 4 + ["response_known"]
    legal = good | {"dimension": "legal"}
    types = ("policy", "contract", "intellectual_property", "data_privacy", None, "tax")
    found = problems("ref_risks", [legal | {"legal_type": kind} for kind in types])
    assert found == [None] * 4 + ["legal_has_a_type", "legal_type_known"]


@pytest.mark.requirement("CARE-08", "CARE-11")
def test_a_contact_says_why_and_a_task_which_of_four_kinds_it_is(chain):
    good = delivered_rows(chain, "ref_interactions")[0]

    assert problems("ref_interactions", [good | {"purpose": None}]) == ["required"]
    task = {"due_date": "2014-12-30"}
    kinds = ("return_visit", "use_feedback", "order_tracking", "after_sale", "sales_call")
    found = problems("ref_interactions", [good | task | {"follow_up_kind": k} for k in kinds])
    assert found == [None] * 4 + ["follow_up_known"]


@pytest.mark.requirement("SEG-13")
def test_a_campaign_names_its_audience_and_a_known_tactic(chain):
    good = delivered_rows(chain, "ref_campaigns")[0]

    changes = [{}, {"audience": None}, {"audience": "everyone"}, {"tactic": "skywriting"}]
    found = problems("ref_campaigns", [good | change for change in changes])
    assert found == [None, "required", "audience_known", "tactic_known"]


@pytest.mark.requirement("MKT-14", "MKT-16", "MKT-17")
def test_facts_have_a_source_and_costs_a_force(chain):
    """Of a rival each fact has its source and day, an indicator its source, a cost one force."""
    for feed, changes in {
        "ref_competitors": {"source_name": "required", "observed_date": "required"},
        "ref_market": {"source_name": "required", "published_at": "required"},
        "ref_spend": {"force": "required"},
    }.items():
        good = delivered_rows(chain, feed)[0]
        found = problems(feed, [good, *(good | {name: None} for name in changes)])
        assert found == [None, *changes.values()], feed
    cost = delivered_rows(chain, "ref_spend")[0]
    forces = [cost | {"force": force} for force in ("pull", "push", "none", "pull;push")]
    assert problems("ref_spend", forces) == [None, None, None, "force_known"]
