"""Campaigns whose true lift is known: found, not found where there is none, and said so."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from regulars.analytics.lift import (
    CUPED,
    DIFFERENCES,
    MEASURED,
    UNCONTROLLED,
    Rules,
    estimate_lifts,
)

RULES = Rules(alpha=0.05, power=0.8, min_units=10, min_stores=3)


def campaign(rng, *, lift: float, n: int = 600, control: float = 0.3, name="C1") -> pd.DataFrame:
    """Members with spend before, and spend during that rests on it; treated spend lift more."""
    before = rng.gamma(4, 25, n)
    treated = rng.permutation(n) >= round(n * control)
    during = 0.8 * before + rng.normal(30, 15, n) + lift * treated
    return units(before, during, treated, name=name)


def units(before, during, treated, *, design="customers", name="C1") -> pd.DataFrame:
    return pd.DataFrame(
        {
            "campaign_id": name,
            "design": design,
            "is_treated": treated,
            "expected_lift": 0.1,
            "spend_before": before,
            "spend_during": during,
        }
    )


def estimate(outcomes: pd.DataFrame, rules: Rules = RULES) -> dict:
    (row,) = estimate_lifts(outcomes, ["spend"], rules).to_dict("records")
    return row


@pytest.mark.requirement("MKT-07")
def test_the_interval_covers_the_true_lift_as_often_as_it_says():
    rng = np.random.default_rng(7)
    tables = [campaign(rng, lift=8, name=f"C{number:03d}") for number in range(200)]
    found = estimate_lifts(pd.concat(tables), ["spend"], RULES)
    assert len(found) == 200
    covered = ((found.effect_low <= 8) & (found.effect_high >= 8)).mean()
    assert 0.91 <= covered <= 0.99
    assert found.effect.mean() == pytest.approx(8, abs=0.3)
    # With CUPED the estimate is narrower than the plain difference, and no less true.
    assert (found.standard_error < 0.6 * found.plain_standard_error).all()
    assert found.theta.mean() == pytest.approx(0.8, abs=0.01)
    assert (found.detectable_after < found.detectable_before).all()


@pytest.mark.requirement("MKT-07")
def test_a_campaign_without_effect_is_called_so_at_the_stated_rate():
    rng = np.random.default_rng(11)
    tables = [campaign(rng, lift=0, name=f"C{number:03d}") for number in range(200)]
    found = estimate_lifts(pd.concat(tables), ["spend"], RULES)
    called = int((found.p_value < RULES.alpha).sum())
    # 200 draws at 5 %: 10 expected; outside these bounds less than once in five hundred.
    low, high = stats.binom.ppf([0.001, 0.999], 200, RULES.alpha)
    assert low <= called <= high
    # The verdict by the interval is the verdict by the p-value.
    assert ((found.effect_low > 0) | (found.effect_high < 0)).sum() == called


@pytest.mark.requirement("MKT-07")
def test_the_detectable_effect_is_found_as_often_as_the_power_says():
    rng = np.random.default_rng(13)
    size = estimate(campaign(rng, lift=0))["detectable_after"]
    tables = [campaign(rng, lift=size, name=f"C{number:03d}") for number in range(200)]
    found = estimate_lifts(pd.concat(tables), ["spend"], RULES)
    assert (found.p_value < RULES.alpha).mean() == pytest.approx(RULES.power, abs=0.08)


@pytest.mark.requirement("MKT-07")
def test_cuped_by_hand():
    """Before 1, 2, 3 in both groups, during twice that, 5 more for the treated: theta 2, effect 5.

    Of the plain difference the standard error is sqrt(4/3 + 4/3) = 1.632993.
    """
    row = estimate(
        units([1, 2, 3, 1, 2, 3], [7, 9, 11, 2, 4, 6], [True] * 3 + [False] * 3),
        Rules(alpha=0.05, power=0.8, min_units=3, min_stores=3),
    )
    assert (row["n_treated"], row["n_control"], row["status"]) == (3, 3, MEASURED)
    assert (row["baseline"], row["theta"], row["effect"]) == (CUPED, 2, 5)
    assert (row["mean_treated"], row["mean_control"], row["before_difference"]) == (9, 4, 0)
    assert (row["plain_effect"], row["plain_standard_error"]) == (5, 1.632993)
    # Before: sqrt(1/3 + 1/3) * (1.959964 + 0.841621); a tenth of the mean of 2 is hoped for.
    assert row["detectable_before"] == pytest.approx(0.816497 * 2.801585, abs=1e-5)
    hoped = 0.2 / 0.816497
    power = stats.norm.sf(1.959964 - hoped) + stats.norm.cdf(-1.959964 - hoped)
    assert row["power_before"] == pytest.approx(power, abs=1e-5)


@pytest.mark.requirement("MKT-07")
def test_groups_that_differed_before_are_put_right():
    """The treated spent more before; the plain difference is all of that and no effect."""
    rng = np.random.default_rng(3)
    before = np.concatenate([rng.normal(120, 20, 300), rng.normal(100, 20, 300)])
    treated = np.arange(600) < 300
    row = estimate(units(before, before + rng.normal(0, 5, 600), treated))
    assert row["plain_effect"] > 15
    assert row["before_difference"] > 15
    assert row["effect_low"] < 0 < row["effect_high"]


@pytest.mark.requirement("MKT-07")
def test_stores_are_compared_by_their_change():
    """Treated stores rise by 30, 32, 34, the others by 10, 12, 14: 20, not the gap of levels."""
    before = [500, 900, 700, 100, 300, 200]
    change = [30, 32, 34, 10, 12, 14]
    during = [level + more for level, more in zip(before, change, strict=True)]
    row = estimate(units(before, during, [True] * 3 + [False] * 3, design="stores"))
    assert (row["baseline"], row["effect"]) == (DIFFERENCES, 20)
    assert row["standard_error"] == pytest.approx(1.632993)
    # Welch with equal spread: 4 degrees of freedom.
    reach = stats.t.ppf(0.975, 4) * 1.632993
    assert (row["effect_low"], row["effect_high"]) == pytest.approx((20 - reach, 20 + reach), 1e-5)
    assert row["plain_effect"] == pytest.approx(520)


@pytest.mark.requirement("MKT-07")
@pytest.mark.parametrize(
    ("design", "treated", "note"),
    [
        ("customers", [True] * 40, "40 customers reached and 0 not, 10 of each needed"),
        ("customers", [True] * 31 + [False] * 9, "31 customers reached and 9 not, 10 of each"),
        ("stores", [True] * 2 + [False] * 38, "2 stores reached and 38 not, 3 of each needed"),
    ],
)
def test_no_comparison_is_uncontrolled_and_has_no_figures(design, treated, note):
    row = estimate(units([10.0] * 40, [12.0] * 40, treated, design=design))
    assert row["status"] == UNCONTROLLED
    assert row["note"].startswith(note)
    assert pd.isna(row["baseline"])
    figures = ("effect", "effect_low", "effect_high", "p_value", "detectable_before", "power_after")
    assert all(pd.isna(row[name]) for name in figures)


@pytest.mark.requirement("MKT-07")
def test_nothing_before_leaves_the_plain_difference():
    """Lost customers spent nothing before: no slope, no spread, and the plain difference stands."""
    during = np.tile([0.0, 0.0, 0.0, 40.0], 20)
    row = estimate(units(np.zeros(80), during + 5 * (np.arange(80) < 40), np.arange(80) < 40))
    assert (row["theta"], row["effect"], row["plain_effect"]) == (0, 5, 5)
    assert row["note"] == "all had the same before: nothing to adjust by"
    assert pd.isna(row["detectable_before"])
    assert pd.isna(row["power_after"])


@pytest.mark.requirement("MKT-07")
def test_unknown_and_empty_make_no_figure():
    one = units([1.0] * 30, [np.nan] + [1.0] * 29, np.arange(30) < 15)
    assert estimate(one)["note"] == "spend is not known of every unit"
    assert estimate_lifts(one.iloc[:0], ["spend"], RULES).empty
    # All alike: no spread, so neither a p-value nor a power can be told.
    row = estimate(units([1.0] * 30, [1.0] * 30, np.arange(30) < 15))
    assert (row["effect"], row["effect_low"], row["effect_high"]) == (0, 0, 0)
    assert pd.isna(row["p_value"])
