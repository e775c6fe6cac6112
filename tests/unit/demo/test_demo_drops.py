"""Reference drops: an example of each, in step with the chain's stores, members and sales."""

from datetime import date
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from regulars.demo import simulate
from regulars.feeds.contract import FEEDS

DROPS = [feed for feed in FEEDS if feed.startswith("ref_")]
LAST_WEEK = [date(2014, 12, day) for day in range(25, 32)]


def frame(chain, feed: str) -> pd.DataFrame:
    return chain.tables[feed].to_pandas()


def test_every_drop_is_delivered_at_any_size(chain, tiny):
    for delivered in (chain, tiny):
        assert {d.feed for d in delivered.deliveries if d.feed.startswith("ref_")} == set(DROPS)
        assert delivered.truth["rows"].keys() == set(FEEDS)


def test_drops_come_as_history_and_a_few_updates(chain):
    for feed in DROPS:
        dates = sorted(d.date for d in chain.deliveries if d.feed == feed)
        assert dates[0] <= date(2014, 12, 24)
    updated = {d.feed for d in chain.deliveries if d.date in LAST_WEEK} & set(DROPS)
    assert len(updated) >= 15


def test_no_row_of_a_drop_is_spoilt_or_repeated(chain):
    for feed in DROPS:
        counted = chain.truth["rows"][feed]
        assert counted["received"] == counted["accepted"]
        assert counted["accepted"] >= chain.tables[feed].num_rows


def test_statements_of_points_end_where_the_member_file_does(chain):
    statements = frame(chain, "ref_members").sort_values(["customer_id", "period"])
    opening = statements.groupby("customer_id")["points_closing"].shift(fill_value=0)
    assert (statements["points_opening"] == opening).all()

    last = statements.groupby("customer_id").last()
    members = frame(chain, "customers").set_index("customer_id")
    bought = members.loc[last.index]
    assert (last["points_closing"] == bought["points_balance"]).all()
    assert (last["level"] == bought["member_level"]).all()
    assert members.drop(last.index)["points_balance"].eq(0).all()
    reached = last["level_from"].to_numpy().astype("datetime64[D]")
    assert (reached >= bought["created_at"].to_numpy().astype("datetime64[D]")).all()


def test_marketing_consent_stands_for_those_who_gave_it(chain):
    consents = frame(chain, "ref_consents")
    members = frame(chain, "customers").set_index("customer_id")
    marketing = consents[(consents["purpose"] == "marketing") & (consents["channel"] == "any")]

    assert set(marketing["customer_id"]) == set(members.index[members["consent_marketing"]])
    withdrawn = consents["withdrawn_at"].notna()
    assert withdrawn.any()
    assert set(consents.loc[withdrawn, "channel"]) == {"phone", "any"}
    assert consents.loc[withdrawn & (consents["channel"] == "any"), "purpose"].eq("service").all()


def test_prospects_became_members_on_the_day_of_their_first_purchase(chain, lines):
    prospects = frame(chain, "ref_prospects")
    won = prospects[prospects["customer_id"].notna()]
    first = lines.groupby("customer_id")["day"].min()

    assert 0.2 < len(won) / len(prospects) < 0.8
    assert not won["customer_id"].duplicated().any()
    days = (pd.to_datetime(won["converted_date"]).to_numpy() - first[won["customer_id"]]).dt.days
    assert days.abs().max() <= 1


def test_known_names_are_those_of_the_chain(chain, lines):
    people = frame(chain, "ref_staff")
    people = set(people.loc[people["record"] == "person", "staff_id"])
    complaints = frame(chain, "complaints")
    for named in (
        lines["staff_id"],
        complaints["handler_id"],
        frame(chain, "ref_training")["staff_id"],
    ):
        assert set(named.dropna()) <= people
    stores = set(chain.tables["stores"]["store_id"].to_pylist())
    members = set(chain.tables["customers"]["customer_id"].to_pylist())
    for feed in DROPS:
        table = frame(chain, feed)
        if "store_id" in table:
            assert set(table["store_id"].dropna()) <= stores | {"all"}, feed
        if "customer_id" in table:
            assert set(table["customer_id"].dropna()) <= members, feed
    classes = frame(chain, "ref_complaint_map")
    assert set(complaints["type"]) == set(classes["type"])
    assert set(lines["channel"]) <= set(frame(chain, "ref_channels")["channel"])
    asked = frame(chain, "survey_responses")[["wave_id", "question_code"]].drop_duplicates()
    known = frame(chain, "ref_questionnaire")[["wave_id", "question_code"]]
    assert len(asked.merge(known)) == len(asked)
    codes = set(frame(chain, "ref_campaigns")["promo_code"].dropna())
    assert codes == set(lines["promo_code"].dropna())


def test_key_customers_are_last_years_best(chain, lines):
    accounts = frame(chain, "ref_staff")
    accounts = accounts[accounts["record"] == "account"]
    of_2013 = accounts[pd.to_datetime(accounts["from_date"]) == pd.Timestamp(2014, 1, 15)]
    spend = lines[lines["year"] == 2013].groupby("customer_id")["fen"].sum()

    assert set(of_2013["customer_id"]) == set(spend.nlargest(5).index)
    ended = accounts[accounts["to_date"].notna()]
    taken_over = accounts[accounts["customer_id"].isin(ended["customer_id"])]
    assert taken_over["staff_id"].nunique() == 2


def test_our_sales_in_the_market_file_are_the_chains(chain, lines):
    market = frame(chain, "ref_market")
    cell = market[
        (market["period"] == date(2014, 11, 1))
        & (market["region"] == "all")
        & (market["product_line"] == "all")
    ]
    sold = chain.tables["pos_sales"].to_pandas()
    november = sold[~sold["void"] & (sold["sold_at"].dt.to_period("M") == "2014-11")]
    assert cell["our_sales"].tolist() == [november["net_amount"].sum()]


def test_the_share_of_tea_falls_by_more_than_a_tenth_in_three_months(chain):
    market = frame(chain, "ref_market")
    tea = market[market["product_line"] == "古味茶饮"].set_index("period").sort_index()
    share = (tea["our_sales"] / tea["industry_sales"]).astype(float).tail(4).to_numpy()

    assert share == pytest.approx([0.200, 0.192, 0.185, 0.179], abs=1e-4)
    assert (np.diff(share) < 0).all()


def test_two_sources_for_one_cell_are_both_delivered(chain):
    market = frame(chain, "ref_market")
    market = market[market["topic"] == "figures"]
    cell = ["period", "period_kind", "region", "product_line"]
    twice = market[market.duplicated([*cell, "topic"], keep=False)]

    assert not twice.empty
    assert (twice["is_preferred"].isin([True]).groupby([twice[c] for c in cell]).sum() <= 1).all()


def test_the_books_follow_the_sales_of_the_quarter(chain):
    books = frame(chain, "ref_finance")
    cash = books[(books["account"] == "cash_in") & (books["store_id"] == "S01")]
    sold = chain.tables["pos_sales"].to_pandas()
    sold = sold[~sold["void"] & (sold["store_id"] == "S01")]
    quarter = sold.groupby(sold["sold_at"].dt.to_period("Q"))["net_amount"].sum()

    assert len(cash) == 11
    for period, amount in zip(cash["period"], cash["amount"], strict=True):
        assert abs(amount - quarter[pd.Period(period, "Q")]) <= Decimal("0.01")


def test_the_drops_redraw_nothing_of_the_sales(tiny):
    again = simulate(scale=0.02)
    assert again.tables["pos_sales"] == tiny.tables["pos_sales"]
    for feed in DROPS:
        assert again.tables[feed] == tiny.tables[feed]


@pytest.mark.requirement("CARE-13", "CHAN-08")
def test_joint_projects_and_a_channel_begin_and_end_within_the_history(chain):
    plans = frame(chain, "ref_plans")
    joint = plans[plans["kind"] == "joint_project"].sort_values("plan_id")
    best = frame(chain, "pos_sales").query("not void").assign(year=lambda f: f.sold_at.dt.year)
    spend = best.query("year == 2013").groupby("customer_id")["net_amount"].sum().astype(float)

    assert set(joint["customer_id"]) == set(spend.nlargest(2).index)
    # The first has a quarter of the history on either side, the second none after it.
    quarter = pd.Timedelta("90D")
    begun, done = (pd.to_datetime(joint[column]) for column in ("start_date", "done_date"))
    assert ((begun - quarter) >= "2012-01-01").tolist() == [True, True]
    assert ((done + quarter) <= "2014-12-31").tolist() == [True, False]
    bought = best[best["customer_id"] == joint["customer_id"].iloc[0]]["sold_at"].dt.normalize()
    assert bought.between(begun.iloc[0] - quarter, begun.iloc[0], inclusive="left").any()
    assert bought.between(done.iloc[0], done.iloc[0] + quarter, inclusive="right").any()
    opened = pd.to_datetime(plans[plans["kind"] == "channel"]["done_date"])
    assert ((opened - pd.Timedelta("364D")) >= "2012-01-01").tolist() == [False, True]


@pytest.mark.requirement("CHAN-11")
def test_cities_without_a_store_have_footfall_and_income(chain):
    market = frame(chain, "ref_market").query("footfall.notna() and income_per_head.notna()")
    stores = frame(chain, "stores")
    without = set(market["region"]) - set(stores["region"]) - set(stores["city"])
    assert without == {"西安", "长沙", "昆明"}
    # Nothing else is told of them: they are in no sum of the market.
    cities = market[market["region"].isin(without)]
    assert cities[["our_sales", "industry_sales", "is_target"]].isna().all(axis=None)


@pytest.mark.requirement("PERF-04", "PERF-06", "RISK-12")
def test_a_target_under_way_has_bands_and_two_warnings_were_judged(chain):
    targets = frame(chain, "ref_targets").set_index("target_id")
    bands = targets.loc["T-5", ["grade_a_from", "grade_b_from", "grade_c_from"]].astype(float)
    assert bands.tolist() == [0.95, 0.9, 0.8]
    assert set(targets["horizon"].dropna()) == {"short", "mid", "long"}
    judged = frame(chain, "ref_risks").query("alert_code.notna()")
    assert judged["was_confirmed"].tolist() == [True, False]
