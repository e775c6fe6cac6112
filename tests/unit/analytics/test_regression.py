"""Coefficients, what gets none, and errors on rows not seen."""

import numpy as np
import pandas as pd
import pytest

from regulars.analytics.regression import (
    COLLINEAR,
    CONSTANT,
    FITTED,
    KEPT,
    NO_DATA,
    coefficients_table,
    fit_regression,
)


@pytest.fixture
def noisy() -> pd.DataFrame:
    draw = np.random.default_rng(11)
    rows = pd.DataFrame({"a": draw.normal(size=300), "b": draw.normal(size=300)})
    return rows.assign(y=4 + 3 * rows.a - 2 * rows.b + draw.normal(size=300))


@pytest.mark.requirement("SEG-06")
def test_a_line_is_found():
    x = np.arange(20.0)
    fit = fit_regression(pd.DataFrame({"x": x, "y": 2 * x + 3}), "y", ["x"], min_rows=10)
    assert fit.status == FITTED
    assert fit.coefficients["coef"]["x"] == pytest.approx(2)
    assert fit.coefficients["coef"]["intercept"] == pytest.approx(3)
    assert fit.coefficients["beta"]["x"] == pytest.approx(1)
    assert (fit.r2, fit.n) == (pytest.approx(1), 20)
    assert fit.rmse == pytest.approx(0, abs=1e-9)
    assert fit.naive_rmse > 5


@pytest.mark.requirement("SEG-06")
def test_a_collinear_feature_is_reported_and_harms_no_other(noisy):
    noisy = noisy.assign(both=noisy.a + noisy.b, same=7.0)
    fit = fit_regression(noisy, "y", ["a", "b", "both", "same"], min_rows=50)
    alone = fit_regression(noisy, "y", ["a", "b"], min_rows=50)
    table = fit.coefficients
    assert list(table["state"]) == [KEPT, KEPT, KEPT, COLLINEAR, CONSTANT]
    assert table["note"]["both"] == "follows from a, b"
    assert table.loc[["both", "same"], ["coef", "se", "p_value", "beta"]].isna().all(axis=None)
    pd.testing.assert_frame_equal(table.loc[["intercept", "a", "b"]], alone.coefficients)
    assert fit.note == "without a coefficient: both, same"


@pytest.mark.requirement("SEG-06")
def test_coefficients_lie_within_their_errors_and_beat_the_mean(noisy):
    fit = fit_regression(noisy, "y", ["a", "b"], min_rows=50)
    truth = pd.Series({"intercept": 4.0, "a": 3.0, "b": -2.0})
    assert ((fit.coefficients["coef"] - truth).abs() < 3 * fit.coefficients["se"]).all()
    assert fit.coefficients["se"]["a"] == pytest.approx(1 / np.sqrt(300), rel=0.2)
    assert fit.rmse == pytest.approx(1, rel=0.1)
    assert fit.naive_rmse == pytest.approx(np.sqrt(14), rel=0.15)


@pytest.mark.requirement("SEG-06")
def test_a_missing_feature_is_an_error(noisy):
    with pytest.raises(KeyError, match="the regression of y lacks c, d"):
        fit_regression(noisy, "y", ["a", "c", "d"], min_rows=50)


@pytest.mark.requirement("SEG-06")
def test_too_little_data_says_so(noisy):
    short = fit_regression(noisy.head(10), "y", ["a", "b"], min_rows=50)
    assert (short.status, short.note) == (NO_DATA, "10 complete rows, 50 needed")
    flat = fit_regression(noisy.assign(y=1.0), "y", ["a", "b"], min_rows=50)
    assert (flat.status, flat.note) == (NO_DATA, "y is constant")
    tight = fit_regression(noisy.head(4), "y", ["a", "b"], min_rows=1)
    assert tight.note == "4 complete rows, 5 needed"


def test_the_table_holds_the_fit_and_says_why_there_is_none(noisy):
    table = coefficients_table(fit_regression(noisy, "y", ["a", "b"], min_rows=50))
    assert list(table["feature"]) == ["intercept", "a", "b"]
    assert table["rmse"].nunique() == 1
    (row,) = coefficients_table(fit_regression(noisy, "y", ["a"], min_rows=900)).to_dict("records")
    assert (row["status"], row["n"]) == (NO_DATA, 300)
    assert pd.isna(row["feature"])
