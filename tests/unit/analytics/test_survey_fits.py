"""Fits per wave and year: made factors and groups are found, small waves say why not."""

import numpy as np
import pandas as pd
import pytest

from regulars.analytics.regression import fit_regression
from regulars.analytics.survey_fits import (
    clusters_by_year,
    correlations_by_wave,
    drivers_by_year,
    factors_by_wave,
)

ITEMS = ["a1", "a2", "a3", "b1", "b2", "b3"]
LEAST = {"min_rows": 50, "min_eigenvalue": 1.0}


def two_factor_wave(wave, rows, seed=7):
    """Six items, three to a factor; the overall score follows from the first factor alone."""
    rng = np.random.default_rng(seed)
    first, second = rng.normal(size=(2, rows))
    own = rng.normal(size=(rows, 6)) * 0.5
    table = pd.DataFrame(
        own + np.column_stack([first * 1.1] * 3 + [second] * 3), columns=ITEMS
    ).assign(wave_id=wave, overall=first + rng.normal(size=rows) * 0.3)
    return table


@pytest.mark.requirement("SAT-11")
def test_two_factors_are_found_with_their_items_and_effect():
    table = factors_by_wave(two_factor_wave("w1", 400), ITEMS, "overall", **LEAST)
    assert set(table["factor"]) == {"F1", "F2"}
    loadings = table.pivot(index="indicator", columns="factor", values="loading")
    own = {name: loadings.loc[[f"{name}{n}" for n in (1, 2, 3)]] for name in "ab"}
    of_a = own["a"].mean().idxmax()
    of_b = own["b"].mean().idxmax()
    assert of_a != of_b
    assert (own["a"][of_a] > 0.6).all()
    assert (own["b"][of_b] > 0.6).all()
    assert (own["a"][of_b].abs() < 0.3).all()
    assert table["explained"].between(0.3, 0.5).all()
    effects = table.groupby("factor")["effect"].first()
    assert effects[of_a] > 0.8
    assert abs(effects[of_b]) < 0.15


@pytest.mark.requirement("SAT-11")
def test_a_small_wave_is_skipped_with_its_reason_and_spoils_no_other():
    both = pd.concat([two_factor_wave("w1", 400), two_factor_wave("w2", 49)], ignore_index=True)
    table = factors_by_wave(both, ITEMS, "overall", **LEAST).set_index("wave_id")
    assert table.loc["w2", "status"] == "no data"
    assert table.loc["w2", "note"] == "49 complete rows, 50 needed"
    assert pd.isna(table.loc["w2", "factor"])
    alone = factors_by_wave(two_factor_wave("w1", 400), ITEMS, "overall", **LEAST)
    pd.testing.assert_frame_equal(table.loc[["w1"]].reset_index(), alone, check_dtype=False)


def test_no_answers_are_empty_tables_of_the_same_form():
    columns = ["wave_id", "calendar_year", "respondent", *ITEMS, "overall"]
    empty = pd.DataFrame({name: pd.Series(dtype=float) for name in columns})
    full = two_factor_wave("w1", 60).assign(calendar_year=2014, respondent=range(60))
    least = {"min_rows": 50}
    for found, none in (
        (factors_by_wave(full, ITEMS, "overall", **LEAST),
         factors_by_wave(empty, ITEMS, "overall", **LEAST)),
        (correlations_by_wave(full, ITEMS, **least), correlations_by_wave(empty, ITEMS, **least)),
        (clusters_by_year(full, ITEMS, k_max=4, **least),
         clusters_by_year(empty, ITEMS, k_max=4, **least)),
    ):  # fmt: skip
        assert none.empty
        assert list(none.columns) == list(found.columns)


def test_texts_stay_texts_where_all_are_missing():
    table = factors_by_wave(two_factor_wave("w1", 9), ITEMS, "overall", **LEAST)
    assert all(table[name].dtype == "string" for name in ("factor", "indicator", "note"))


@pytest.mark.requirement("SAT-13")
def test_three_groups_are_three_clusters_with_the_same_labels_again():
    rng = np.random.default_rng(3)
    centres = np.repeat([[20, 20], [80, 80], [20, 80]], 40, axis=0)
    answers = pd.DataFrame(centres + rng.normal(size=(120, 2)) * 3, columns=["product", "service"])
    answers = answers.assign(calendar_year=2014, respondent=[f"r{n:03d}" for n in range(120)])
    found = clusters_by_year(answers, ["product", "service"], min_rows=50, k_max=6)
    assert found["cluster"].nunique() == 3
    assert found.groupby(np.repeat([0, 1, 2], 40))["cluster"].nunique().tolist() == [1, 1, 1]
    again = clusters_by_year(answers, ["product", "service"], min_rows=50, k_max=6)
    pd.testing.assert_frame_equal(found, again)


@pytest.mark.requirement("SAT-16")
@pytest.mark.parametrize("slope", [1.5, 2.5])
def test_an_elasticity_is_the_slope_between_logarithms(slope):
    rng = np.random.default_rng(5)
    csat = rng.uniform(50, 90, 200)
    retention = 0.0009 * csat**slope * np.exp(rng.normal(size=200) * 0.02)
    logs = pd.DataFrame({"log_csat": np.log(csat), "log_retention": np.log(retention)})
    fit = fit_regression(logs, "log_retention", ["log_csat"], min_rows=8)
    found = fit.coefficients.loc["log_csat"]
    assert found["coef"] == pytest.approx(slope, abs=0.05)
    assert abs(found["coef"] - slope) < 2.5 * found["se"]


def driver_answers(weights, rows=500):
    """Long answers of one year: four elements and the value that their weights make."""
    rng = np.random.default_rng(11)
    names = ["consistency", "features", "ease_of_use", "range"]
    scores = pd.DataFrame(rng.normal(60, 15, size=(rows, 4)), columns=names)
    scores["value"] = scores[names] @ np.array(weights) + rng.normal(size=rows) * 20
    scores["respondent"] = [f"r{n:04d}" for n in range(rows)]
    long = scores.melt("respondent", var_name="driver", value_name="score_100")
    return long.assign(calendar_year=2014), names


@pytest.mark.requirement("PV-04")
@pytest.mark.parametrize("weights", [(5.0, 3.0, 2.0, 1.0), (1.0, 2.0, 3.0, 5.0)])
def test_strength_of_drivers_comes_back_in_the_order_it_was_made(weights):
    long, names = driver_answers(weights)
    table = drivers_by_year(long, names, "value", min_rows=50).set_index("feature")
    assert table.loc[names, "beta"].argsort().tolist() == np.argsort(weights).tolist()
    assert table["n"].unique().tolist() == [500]


@pytest.mark.requirement("PV-04")
def test_a_driver_that_was_not_asked_is_named():
    long, names = driver_answers((5.0, 3.0, 2.0, 1.0))
    table = drivers_by_year(long, [*names, "image"], "value", min_rows=50)
    assert set(table["feature"]) == {"intercept", *names}
    assert table["fit_note"].unique().tolist() == ["not asked: image"]
    none = drivers_by_year(long[long["driver"] != "value"], names, "value", min_rows=50)
    assert none[["status", "fit_note"]].to_numpy().tolist() == [["no data", "not asked: value"]]
    assert drivers_by_year(long[:0], names, "value", min_rows=50).empty


FIVE = ["quality", "experience", "reputation", "relationship", "price"]


def influenced(year, rows, seed=11):
    """Answers on five influences and an index that follows from them with known weights."""
    rng = np.random.default_rng(seed)
    wide = pd.DataFrame(rng.uniform(0, 100, size=(rows, 5)), columns=FIVE)
    wide["loyalty_index"] = (
        20 + wide @ pd.Series({**dict.fromkeys(FIVE, 0.1), "price": -0.2})
    ) + rng.normal(size=rows)
    wide["respondent"] = [f"c{number}" for number in range(rows)]
    long = wide.melt(id_vars="respondent", var_name="driver", value_name="score_100")
    return long.assign(calendar_year=year)


@pytest.mark.requirement("LOY-12")
def test_all_five_influences_are_in_the_regression_of_the_index():
    table = drivers_by_year(
        influenced(2014, 200), FIVE, "loyalty_index", min_rows=50, all_needed=True
    ).set_index("feature")
    assert list(table.index) == ["intercept", *FIVE]
    assert table.loc["price", "coef"] == pytest.approx(-0.2, abs=0.01)
    assert table.loc["quality", "coef"] == pytest.approx(0.1, abs=0.01)


@pytest.mark.requirement("LOY-12")
@pytest.mark.parametrize("lacking", FIVE)
def test_a_year_that_lacks_an_influence_has_no_coefficients_and_says_which(lacking):
    answers = influenced(2014, 200)
    rest = answers[answers["driver"] != lacking]
    table = drivers_by_year(rest, FIVE, "loyalty_index", min_rows=50, all_needed=True)
    assert table["status"].tolist() == ["no data"]
    assert f"not asked: {lacking}" in table.loc[0, "fit_note"]
    assert table["coef"].isna().all()
    with pytest.raises(KeyError, match=lacking):
        fit_regression(
            pd.DataFrame(columns=[*FIVE, "x"]).drop(columns=lacking), "x", FIVE, min_rows=5
        )
