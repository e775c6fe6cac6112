"""Traits that go together, that do not, and that are not known."""

import pandas as pd
import pytest

from regulars.analytics.associations import FITTED, NO_DATA, measure_associations


def customers(cells: dict[tuple[str, str], int]) -> pd.DataFrame:
    rows = [pair for pair, count in cells.items() for _ in range(count)]
    return pd.DataFrame(rows, columns=["wish", "series"])


@pytest.mark.requirement("C360-12")
def test_a_table_by_hand():
    """30 of 40 and 10 of 60: chi-square 100 (30*50 - 10*10)^2 / (40*60*40*60) = 34.03."""
    values = customers({("a", "x"): 30, ("a", "y"): 10, ("b", "x"): 10, ("b", "y"): 50})
    (row,) = measure_associations(values, ["wish"], ["series"], min_rows=50).to_dict("records")
    assert (row["n"], row["degrees_of_freedom"], row["status"]) == (100, 1, FITTED)
    assert row["chi_square"] == pytest.approx(34.027778)
    assert row["cramers_v"] == pytest.approx(0.583333)
    assert (row["need_value"], row["behaviour_value"], row["customers"]) == ("a", "x", 30)
    assert row["lift"] == pytest.approx(30 / 16)
    assert (row["error_share"], row["naive_error_share"]) == (0.2, 0.4)


@pytest.mark.requirement("C360-12")
def test_together_is_one_and_apart_is_nought():
    together = customers({("a", "x"): 30, ("b", "y"): 30})
    apart = customers({(need, series): 20 for need in "ab" for series in "xy"})
    for values, v, p in ((together, 1, 0), (apart, 0, 1)):
        (row,) = measure_associations(values, ["wish"], ["series"], min_rows=50).to_dict("records")
        assert (row["cramers_v"], row["p_value"]) == (v, pytest.approx(p, abs=1e-6))


@pytest.mark.requirement("C360-12")
def test_too_little_and_constant_say_so():
    values = customers({("a", "x"): 30, ("b", "y"): 30}).assign(same="z", unknown=None)
    values["unknown"] = values["unknown"].astype("string")
    table = measure_associations(values, ["wish", "unknown"], ["series", "same"], min_rows=50)
    assert list(table["status"]) == [FITTED, NO_DATA, NO_DATA, NO_DATA]
    assert list(table["note"])[1:] == [
        "one of the two is the same for all",
        "0 customers, 50 needed",
        "0 customers, 50 needed",
    ]
    assert table.loc[1:, ["cramers_v", "p_value", "lift"]].isna().all(axis=None)
