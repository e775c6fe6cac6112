"""The chain as a whole: its size, its classes, its matrix, its seed."""

import json
import time

import pytest

from regulars.demo import simulate

SERIES = ["仙芋系列", "传统豆花", "招牌点心", "古味茶饮"]
QUADRANTS = {
    "仙芋系列": (True, True),
    "传统豆花": (True, False),
    "招牌点心": (False, False),
    "古味茶饮": (False, True),
}


def repeat_rates(lines):
    bought = lines[lines["customer_id"].notna() & lines["refund_of"].isna()]
    days = bought.groupby(["year", "series", "customer_id"])["day"].nunique()
    return (days >= 2).groupby(level=["year", "series"]).mean().unstack("series")


def attitudes(chain):
    answers = chain.tables["survey_responses"].to_pandas()
    answers = answers[answers["dimension"] == "attitude"]
    score = answers["score"].astype(float)
    return score.groupby([answers["responded_at"].dt.year, answers["product_series"]]).mean()


@pytest.mark.requirement("TIER-05", "YEAR-04", "OP-26")
def test_tier_a_has_its_stated_customers(chain, lines):
    spend = lines.groupby(["year", "customer_id"])["fen"].sum()
    in_a = (spend >= 350_000).groupby(level="year").sum()

    assert in_a.to_dict() == {2012: 10, 2013: 12, 2014: 9}
    assert chain.truth["tier_a"] == {"2012": 10, "2013": 12, "2014": 9}


@pytest.mark.requirement("TIER-05")
def test_tier_a_counts_persons_and_cards_alike(chain, lines):
    person = {pair["also"]: pair["customer_id"] for pair in chain.truth["second_cards"]}
    spend = lines.groupby(["year", lines["customer_id"].replace(person)])["fen"].sum()

    assert (spend >= 350_000).groupby(level="year").sum().tolist() == [10, 12, 9]


@pytest.mark.requirement("TIER-05", "OP-13")
def test_all_classes_and_the_gap_are_populated_and_every_boundary_is_met(lines):
    spend = lines.groupby(["year", "customer_id"])["fen"].sum()
    for year in (2012, 2013, 2014):
        fen = spend.loc[year]
        assert {350_000, 349_999, 300_001, 300_000, 150_000, 149_999} <= set(fen)
        assert ((fen > 300_000) & (fen < 350_000)).sum() >= 3
        assert ((fen >= 150_000) & (fen <= 300_000)).sum() >= 40
        assert (fen < 150_000).sum() >= 1_500


@pytest.mark.requirement("TIER-06")
def test_members_rise_fall_come_and_go_between_years(lines):
    spend = lines.groupby(["customer_id", "year"])["fen"].sum().unstack("year")
    for before, after in ((2012, 2013), (2013, 2014)):
        was_a, is_a = spend[before] >= 350_000, spend[after] >= 350_000
        assert (was_a & is_a).any()
        assert (was_a & ~is_a).any()
        assert (~was_a & is_a).any()
        assert (spend[before].isna() & spend[after].notna()).any()
        assert (spend[before].notna() & spend[after].isna()).any()


@pytest.mark.requirement("LOY-01", "LOY-02")
def test_repeat_rates_are_the_stated_ones_every_year(chain, lines):
    measured = repeat_rates(lines)

    assert list(measured.index) == [2012, 2013, 2014]
    for series, rate in chain.truth["repeat_rates"].items():
        assert measured[series].tolist() == pytest.approx([rate] * 3, abs=0.01)
    assert [chain.truth["repeat_rates"][s] for s in SERIES] == [0.62, 0.18, 0.15, 0.58]


@pytest.mark.requirement("LOY-01", "LOY-02")
def test_attitudes_are_the_stated_ones_every_year(chain):
    measured = attitudes(chain).unstack()

    assert [chain.truth["attitude"][s] for s in SERIES] == [4.6, 4.4, 2.9, 3.0]
    for series, attitude in chain.truth["attitude"].items():
        assert measured[series].tolist() == pytest.approx([attitude] * 3, abs=0.03)


@pytest.mark.requirement("LOY-01", "OP-30")
def test_median_split_places_the_series_in_a_small_chain_too(small_chain, small_lines):
    repeat, attitude = repeat_rates(small_lines), attitudes(small_chain).unstack()
    for year in (2012, 2013, 2014):
        placed = {
            series: (
                attitude.loc[year, series] > attitude.loc[year].median(),
                repeat.loc[year, series] > repeat.loc[year].median(),
            )
            for series in SERIES
        }
        assert placed == QUADRANTS


@pytest.mark.requirement("LOY-03")
def test_members_have_both_attitude_and_purchases_of_a_series(chain, lines):
    answers = chain.tables["survey_responses"].to_pandas()
    linked = answers[(answers["dimension"] == "attitude") & answers["customer_id"].notna()]
    bought = lines[["customer_id", "series"]].dropna().drop_duplicates()
    both = linked.merge(
        bought, left_on=["customer_id", "product_series"], right_on=["customer_id", "series"]
    )

    assert both.groupby("series").size().min() >= 100
    assert len(both) < len(linked)


@pytest.mark.requirement("LIFE-01")
def test_members_stand_in_every_phase_of_their_life(lines):
    sold = lines[lines["customer_id"].notna() & lines["refund_of"].isna()]
    end = sold["day"].max()
    life = sold.groupby("customer_id")["day"].agg(["min", "max", "nunique"])
    silent, tenure = (end - life["max"]).dt.days, (end - life["min"]).dt.days

    assert ((life["nunique"] == 1) & (tenure <= 30)).sum() >= 5
    assert ((life["nunique"] >= 4) & (tenure <= 180) & (silent <= 30)).sum() >= 50
    assert ((life["nunique"] >= 24) & (tenure > 365) & (silent <= 30)).sum() >= 100
    assert ((life["nunique"] >= 10) & (silent > 180)).sum() >= 100


def test_identified_share_and_size_are_as_promised(chain, lines):
    known = lines.loc[lines["customer_id"].notna(), "fen"].sum() / lines["fen"].sum()

    assert 0.6 <= known <= 0.7
    assert 250_000 <= chain.tables["pos_sales"].num_rows <= 400_000
    assert chain.tables["stores"].num_rows == 12
    assert 4_000 <= chain.tables["customers"].num_rows <= 4_300


def test_truth_is_plain_json(chain):
    assert json.loads(json.dumps(chain.truth)) == chain.truth


def test_another_seed_gives_another_chain_of_the_same_law():
    first, second = simulate(scale=0.02, seed=1), simulate(scale=0.02, seed=2)

    assert first.tables["pos_sales"] != second.tables["pos_sales"]
    assert first.truth["parameters"] == second.truth["parameters"]


def test_tiny_chain_is_quick_and_whole():
    started = time.perf_counter()
    tiny = simulate(scale=0.02)

    assert time.perf_counter() - started < 2
    assert tiny.tables["stores"].num_rows == 3
    assert tiny.truth["repeated_files"]
    assert len(tiny.truth["late_files"]) == 2
    assert len(tiny.truth["corrected_rows"]) == 2
    assert all(table.num_rows for table in tiny.tables.values())


@pytest.mark.parametrize("scale", [0, -1, float("nan")])
def test_scale_must_be_positive(scale):
    with pytest.raises(ValueError, match="scale must be above 0"):
        simulate(scale=scale)
