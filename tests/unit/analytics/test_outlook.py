"""Revenue of the next twelve months: seeded draws, no spread without volatility."""

from datetime import date

import pandas as pd
import pytest

from regulars.analytics.outlook import SCENARIOS, Rules, simulate_revenue

RULES = Rules(draws=4000, seed=7, min_growths=12, probability_per_point=0.2, loss_per_point=0.01)
RISKS = pd.DataFrame({"likelihood": [5, 1], "impact": [5, 2]})


def months(second_year):
    firsts = [date(2013 + m // 12, 1 + m % 12, 1) for m in range(12 + len(second_year))]
    return pd.DataFrame({"month_start": firsts, "net_sales": [100.0] * 12 + second_year})


def by_scenario(sales, risks=RISKS, rules=RULES):
    return simulate_revenue(sales, risks, rules).set_index("scenario")


@pytest.mark.requirement("RISK-07")
def test_without_volatility_the_year_is_one_figure():
    rows = by_scenario(months([110.0] * 12))

    assert rows.loc["sales alone", ["p5", "p50", "p95"]].tolist() == [1452, 1452, 1452]
    # Both risks struck: 1452 less 5 % and of the rest 2 %.
    assert rows.loc["all risks strike", ["p5", "p50", "p95"]].tolist() == [1351.81] * 3
    # The first risk is certain, the second strikes one year in five.
    assert rows.loc["risks by chance", ["p5", "p95"]].tolist() == [1351.81, 1379.4]
    assert rows["growth_sd"].tolist() == [0, 0, 0]
    assert rows["mean_growth"].tolist() == pytest.approx([0.1] * 3)


@pytest.mark.requirement("RISK-07")
def test_the_same_seed_gives_the_same_percentiles_in_any_order():
    sales = months([90.0, 130.0] * 6)
    one = by_scenario(sales)

    shuffled = by_scenario(sales.sample(frac=1, random_state=1), RISKS.iloc[::-1])
    pd.testing.assert_frame_equal(one, shuffled)
    other = by_scenario(sales, rules=Rules(4000, 8, 12, 0.2, 0.01))
    assert (other["p5"] != one["p5"]).all()

    # Twelve months of 100 or so, grown by 1.1 with a deviate of 0.2089 each: 1452 +- 1.645 sd.
    assert one.loc["sales alone", "growth_sd"] == pytest.approx(0.208893, abs=1e-6)
    spread = 1.645 * 0.208893 * (6 * 90**2 + 6 * 130**2) ** 0.5
    assert one.loc["sales alone", "p5"] == pytest.approx(1452 - spread, rel=0.01)
    assert one.loc["sales alone", "p50"] == pytest.approx(1452, rel=0.01)
    assert one.loc["sales alone", "p95"] == pytest.approx(1452 + spread, rel=0.01)


@pytest.mark.requirement("RISK-07")
def test_too_little_data_is_told():
    rows = by_scenario(months([110.0] * 11))
    assert rows["status"].tolist() == ["no data: too few months"] * 3
    assert rows[["p5", "p50", "p95"]].isna().all(axis=None)

    empty = by_scenario(pd.DataFrame({"month_start": [], "net_sales": []}), None)
    assert empty["status"].tolist() == ["no data: too few months"] * 3
    assert empty["n_growths"].tolist() == [0, 0, 0]

    alone = by_scenario(months([110.0] * 12), None)
    assert alone["status"].tolist() == ["simulated", *["no data: ref_risks"] * 2]
    assert alone["n_risks"].tolist() == [-1] * 3


def test_an_empty_register_takes_nothing():
    rows = by_scenario(months([110.0] * 12), RISKS.iloc[:0])
    assert rows["p50"].tolist() == [1452] * len(SCENARIOS)


def test_a_year_before_without_sales_is_no_growth():
    sales = months([110.0] * 13)
    sales.loc[0, "net_sales"] = 0
    assert by_scenario(sales)["n_growths"].tolist() == [12] * 3
