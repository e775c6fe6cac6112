"""Run lengths of the charts: published, exact and simulated; and the charts themselves."""

import csv
from datetime import date

import numpy as np
import pandas as pd
import pytest

from regulars.analytics import control_charts as charts
from regulars.settings import PROJECT_ROOT

DESIGNS = PROJECT_ROOT / "dbt_project" / "seeds" / "ref_control_charts.csv"


def normal(shift):
    return lambda generator, n: generator.normal(shift, 1.0, n)


def poisson(rate):
    return lambda generator, n: generator.poisson(rate, n)


@pytest.fixture(scope="module")
def designs():
    with DESIGNS.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    texts = ("valid_from", "reason", "requirement")
    return [{k: v if k in texts else float(v or -1) for k, v in row.items()} for row in rows]


@pytest.fixture(scope="module")
def design_03(designs):
    """The chart of a store with 0.3 complaints a day."""
    (design,) = [row for row in designs if row["rate_to"] == 0.3]
    return design


@pytest.mark.requirement("COMP-16")
@pytest.mark.parametrize(("shift", "published"), [(0.0, 465.0), (0.5, 38.0)])
def test_the_textbook_chart_runs_as_long_as_published(shift, published):
    mean, error = charts.simulated_run_length(
        normal(shift), 0.5, 5.0, two_sided=True, runs=20_000, seed=1
    )
    assert mean == pytest.approx(published, rel=0.03)
    # The simulation is fine enough that 3 % is no luck.
    assert 3 * error < 0.03 * published


@pytest.mark.requirement("COMP-16")
def test_false_alarms_of_a_store_with_three_complaints_in_ten_days_are_as_stated(design_03):
    k, h = design_03["reference_value"], design_03["decision_limit"]
    mean, error = charts.simulated_run_length(
        poisson(0.3), k, h, two_sided=False, runs=4_000, seed=1
    )
    assert abs(mean - design_03["run_length_days"]) < 3 * error
    assert 3 * error < 0.05 * mean
    false_alarms_a_year = 365 / mean
    assert false_alarms_a_year < 0.1


@pytest.mark.requirement("COMP-16")
def test_a_threefold_rate_is_found_in_as_many_days_as_stated(design_03):
    k, h = design_03["reference_value"], design_03["decision_limit"]
    mean, error = charts.simulated_run_length(
        poisson(0.9), k, h, two_sided=False, runs=4_000, seed=1
    )
    assert abs(mean - design_03["run_length_shifted_days"]) < max(3 * error, 0.05)


@pytest.mark.requirement("COMP-16", "RISK-03")
def test_every_design_keeps_the_run_lengths_it_states(designs):
    assert designs
    for row in designs:
        grid = 0.01 if row["rate_to"] <= 0.1 else 0.05
        k, h = row["reference_value"], row["decision_limit"]
        at_top = charts.poisson_run_length(row["rate_to"], k, h, grid)
        shifted = charts.poisson_run_length(row["shifted_rate"], k, h, grid)
        assert at_top == pytest.approx(row["run_length_days"], abs=0.51), row
        assert shifted == pytest.approx(row["run_length_shifted_days"], abs=0.051), row
        assert at_top >= 3650, row
        assert k == pytest.approx(
            charts.reference_value(row["rate_to"], row["shifted_rate"]), abs=grid
        )


def test_bands_follow_each_other_without_a_gap(designs):
    edges = [(row["rate_above"], row["rate_to"]) for row in designs]
    assert edges[0][0] < 0
    assert [low for low, _ in edges[1:]] == [high for _, high in edges[:-1]]


def test_off_grid_limits_and_rates_that_do_not_rise_are_refused():
    with pytest.raises(ValueError, match="multiples"):
        charts.poisson_run_length(0.3, 0.555, 5.0)
    with pytest.raises(ValueError, match="no chart"):
        charts.reference_value(0.3, 0.3)
    with pytest.raises(RuntimeError, match="did not end"):
        charts.simulated_run_length(
            normal(0.0), 0.5, 50.0, two_sided=True, runs=2, seed=1, longest=10
        )


def frames(events, designs):
    return (
        pd.DataFrame(events, columns=["chart_id", "day", "events"]),
        pd.DataFrame(designs, columns=["chart_id", "month", "reference_value", "decision_limit"]),
    )


def test_the_sum_falls_between_complaints_signals_and_begins_again():
    counts, designs = frames(
        [
            ("a", date(2014, 1, 1), 2),
            ("a", date(2014, 1, 3), 2),
            ("a", date(2014, 1, 4), 1),
            ("a", date(2014, 2, 1), 1),
            ("b", date(2014, 1, 4), 1),
        ],
        [
            ("a", date(2014, 1, 1), 0.5, 2.5),
            ("a", date(2014, 2, 1), 0.25, 2.5),
            ("b", date(2014, 1, 1), None, None),
        ],
    )
    found = charts.accumulate(counts, designs, pd.Timestamp("2014-02-01"))
    # 2 - 0.5; less 0.5 on a quiet day; plus 1.5 makes 2.5, the limit; from 0 again; a long quiet.
    assert list(found["cusum"]) == [1.5, 2.5, 0.5, 0.75]
    assert list(found["is_signal"]) == [False, True, False, False]
    assert set(found["chart_id"]) == {"a"}


def test_charts_do_not_touch_each_other_and_order_does_not_matter():
    generator = np.random.default_rng(3)
    days = pd.date_range("2014-01-01", "2014-01-31")
    counts = pd.DataFrame(
        [
            (c, day, int(n))
            for c in "abc"
            for day, n in zip(days, generator.poisson(1, 31), strict=True)
        ],
        columns=["chart_id", "day", "events"],
    )
    counts = counts[counts["events"] > 0]
    _, designs = frames([], [(c, date(2014, 1, 1), 1.5, 4.0) for c in "abc"])
    until = pd.Timestamp("2014-01-31")
    together = charts.accumulate(counts, designs, until)
    shuffled = charts.accumulate(counts.sample(frac=1, random_state=1), designs.iloc[::-1], until)
    pd.testing.assert_frame_equal(together, shuffled)
    alone = [
        charts.accumulate(counts[counts["chart_id"] == c], designs[designs["chart_id"] == c], until)
        for c in "abc"
    ]
    pd.testing.assert_frame_equal(together, pd.concat(alone, ignore_index=True))


def test_nothing_to_watch_gives_an_empty_frame():
    counts, designs = frames([], [])
    found = charts.accumulate(counts, designs, pd.Timestamp("2014-01-31"))
    assert found.empty
    assert list(found.columns)[:2] == ["chart_id", "day"]
