"""Correlations of pairs: known values, constant columns, missing rows."""

import numpy as np
import pandas as pd
import pytest

from regulars.analytics.correlations import correlate_pairs


@pytest.fixture
def correlate():
    def run(min_rows=3, **columns):
        table = correlate_pairs(pd.DataFrame(columns), min_rows=min_rows)
        return table.set_index(["x", "y", "method"])

    return run


@pytest.mark.requirement("SAT-12")
def test_a_column_with_itself_is_one(correlate):
    table = correlate(x=[1, 2, 3, 4, 9], y=[1, 2, 3, 4, 9])
    assert table["r"].tolist() == [1.0, 1.0]
    assert table["n"].tolist() == [5, 5]
    assert table[["low", "high"]].to_numpy().tolist() == [[1, 1], [1, 1]]


@pytest.mark.requirement("SAT-12")
def test_a_constant_column_has_no_coefficient(correlate):
    table = correlate(x=[1, 2, 3, 4], y=[7, 7, 7, 7])
    assert table["r"].isna().all()
    assert table["p_value"].isna().all()
    assert set(table["note"]) == {"constant: y"}


@pytest.mark.requirement("SAT-12")
def test_figures_of_a_worked_example(correlate):
    """r = 15 / sqrt(10 * 26) by hand; its t is r * sqrt(3 / (1 - r^2)) on 3 degrees of freedom."""
    table = correlate(x=[1, 2, 3, 4, 5], y=[2, 1, 4, 6, 7])
    pearson = table.loc[("x", "y", "pearson")]
    assert pearson["r"] == pytest.approx(15 / np.sqrt(10 * 26), abs=1e-9)
    assert pearson["p_value"] == pytest.approx(0.0219, abs=1e-3)
    half = 1.959963985 / np.sqrt(2)
    assert np.arctanh(pearson["high"]) - np.arctanh(pearson["r"]) == pytest.approx(half, abs=1e-6)
    assert table.loc[("x", "y", "spearman"), "r"] == pytest.approx(0.9)


@pytest.mark.requirement("LOY-11")
def test_ordered_but_not_straight_has_rank_correlation_one(correlate):
    table = correlate(csat=[1, 2, 3, 4, 5], trust=[1, 8, 27, 64, 125], loyalty=[1, 2, 4, 8, 99])
    ranks = table.xs("spearman", level="method")
    assert ranks["r"].tolist() == [1.0, 1.0, 1.0]
    assert ranks["n"].tolist() == [5, 5, 5]
    assert table.xs("pearson", level="method")["r"].max() < 1


def test_rows_with_a_gap_are_left_out_and_few_rows_give_none(correlate):
    table = correlate(min_rows=3, x=[1, 2, 3, None], y=[1, 2, None, 4], z=[3, 1, 2, 5])
    assert table["n"].to_dict()["x", "y", "pearson"] == 2
    assert pd.isna(table.loc[("x", "y", "pearson"), "r"])
    assert table.loc[("x", "z", "pearson"), "n"] == 3
    assert np.isfinite(table.loc[("x", "z", "pearson"), "r"])
    assert pd.isna(table.loc[("x", "z", "pearson"), "low"])
