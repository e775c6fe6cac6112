"""Factors are those of R's factanal, and always the same."""

import numpy as np
import pandas as pd
import pytest

from regulars.analytics.factors import (
    FITTED,
    NO_DATA,
    NOT_CONVERGED,
    analyse_factors,
    factor_scores,
    fit_factors,
    loadings_table,
    scores_table,
)

# R's ability.cov: six tests of 112 persons.
TESTS = ["general", "picture", "blocks", "maze", "reading", "vocab"]
ABILITY = [
    [24.641, 5.991, 33.520, 6.023, 20.755, 29.701],
    [5.991, 6.700, 18.137, 1.782, 4.936, 7.204],
    [33.520, 18.137, 149.831, 19.424, 31.430, 50.753],
    [6.023, 1.782, 19.424, 12.711, 4.757, 9.075],
    [20.755, 4.936, 31.430, 4.757, 52.604, 66.762],
    [29.701, 7.204, 50.753, 9.075, 66.762, 135.292],
]


@pytest.fixture
def ability() -> pd.DataFrame:
    covariance = np.array(ABILITY)
    deviations = np.sqrt(np.diag(covariance))
    return pd.DataFrame(covariance / np.outer(deviations, deviations), TESTS, TESTS)


@pytest.fixture
def habits() -> pd.DataFrame:
    """Six indicators of 400 customers: three follow one trait, three another."""
    draw = np.random.default_rng(7)
    traits, noise = draw.normal(size=(400, 2)), draw.normal(size=(400, 6))
    followed = np.repeat(traits, 3, axis=1)
    names = ["spend", "receipts", "days", "promos", "discount", "coupons"]
    return pd.DataFrame(0.8 * followed + 0.6 * noise, columns=names)


@pytest.mark.requirement("SEG-07")
def test_factors_of_ability_equal_those_of_r(ability):
    fit = fit_factors(ability, 112, 2)
    assert list(fit.uniquenesses.round(3)) == [0.455, 0.589, 0.218, 0.769, 0.052, 0.334]
    assert (round(fit.chi_square, 2), fit.degrees_of_freedom) == (6.11, 4)
    assert fit.p_value == pytest.approx(0.191, abs=5e-4)
    assert fit.explained.sum() == pytest.approx(1 - fit.uniquenesses.mean(), abs=1e-5)
    assert fit.loadings["F1"].abs().idxmax() == "reading"
    assert fit.loadings["F2"].abs().idxmax() == "blocks"


@pytest.mark.requirement("SEG-07")
def test_two_traits_are_two_factors(habits):
    fit = analyse_factors(habits, min_rows=100)
    assert fit.status == FITTED
    assert fit.loadings.shape == (6, 2)
    own = {name: fit.loadings.loc[name].abs().idxmax() for name in habits}
    assert [own[name] for name in ("spend", "receipts", "days")] == [own["spend"]] * 3
    assert [own[name] for name in ("promos", "discount", "coupons")] == [own["promos"]] * 3
    assert own["spend"] != own["promos"]
    assert (fit.loadings.abs().max(axis=1) > 0.6).all()
    assert fit.residual < fit.naive_residual


@pytest.mark.requirement("SEG-07")
def test_scores_have_mean_nought_and_are_the_same_again(habits):
    scores = factor_scores(habits, analyse_factors(habits, min_rows=100))
    assert scores.shape == (400, 2)
    assert scores.mean().abs().max() < 1e-6
    again = factor_scores(habits, analyse_factors(habits, min_rows=100))
    pd.testing.assert_frame_equal(scores, again, check_exact=True)


@pytest.mark.requirement("SEG-07")
def test_signs_and_order_are_fixed(habits):
    fit = analyse_factors(-habits, min_rows=100)
    assert (fit.loadings.max() == fit.loadings.abs().max()).all()
    assert fit.explained.is_monotonic_decreasing
    turned = analyse_factors(habits[habits.columns[::-1]], min_rows=100)
    pd.testing.assert_frame_equal(turned.loadings.loc[habits.columns], fit.loadings, atol=1e-4)


@pytest.mark.requirement("SEG-07")
def test_too_few_rows_are_skipped_with_their_reason(habits):
    fit = analyse_factors(habits.head(20), min_rows=100)
    assert (fit.status, fit.note) == (NO_DATA, "20 complete rows, 100 needed")
    assert factor_scores(habits, fit).empty


def test_a_constant_indicator_is_left_out_and_named(habits):
    fit = analyse_factors(habits.assign(same=1.0), min_rows=100)
    assert fit.status == FITTED
    assert "same" not in fit.loadings.index
    assert fit.note == "constant and left out: same"


def test_missing_values_leave_the_row_out(habits):
    habits.loc[3, "spend"] = None
    fit = analyse_factors(habits, min_rows=100)
    assert fit.n == 399
    assert 3 not in factor_scores(habits, fit).index


def test_an_indicator_that_follows_from_others_is_told(habits):
    fit = analyse_factors(habits.assign(twice=2 * habits["spend"]), min_rows=100)
    assert fit.status == NOT_CONVERGED
    assert "full rank" in fit.note


@pytest.mark.requirement("SEG-07")
def test_fewer_factors_are_tried_where_the_likelihood_has_no_maximum():
    draw = np.random.default_rng(0)
    trait = draw.normal(size=300)
    one = pd.DataFrame({name: 0.7 * trait + 0.7 * draw.normal(size=300) for name in "abcdef"})
    fit = analyse_factors(one, min_rows=100, min_eigenvalue=0.4)
    assert (fit.status, fit.loadings.shape) == (FITTED, (6, 1))
    assert fit.note == "more than 1 do not converge"


def test_more_factors_than_indicators_can_carry_are_refused(ability):
    with pytest.raises(ValueError, match="6 indicators cannot identify 4 factors"):
        fit_factors(ability, 112, 4)


def test_tables_name_every_factor_and_say_why_there_is_none(habits):
    habits.index.name = "customer_id"
    fit = analyse_factors(habits, min_rows=100)
    table = loadings_table(fit)
    assert table[["factor", "indicator"]].drop_duplicates().shape == (12, 2)
    assert table["residual"].unique() == [fit.residual]
    scores = scores_table(habits, fit)
    assert list(scores.columns) == ["customer_id", "factor", "score"]
    assert len(scores) == 800
    none = analyse_factors(habits.head(3), min_rows=100)
    (row,) = loadings_table(none).to_dict("records")
    assert pd.isna(row["factor"])
    assert (row["status"], row["factors"]) == (NO_DATA, 0)
    assert scores_table(habits, none).empty
