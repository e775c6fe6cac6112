"""Cumulative sum charts: their design, their run lengths and the charts themselves.

Sources: Page, Biometrika 41 (1954), 100; Lucas, Technometrics 27 (1985), 129, for counts; Brook and
Evans, Biometrika 59 (1972), 539, for run lengths by a Markov chain.
"""

from collections.abc import Callable
from math import lgamma

import numpy as np
import pandas as pd

Draw = Callable[[np.random.Generator, int], np.ndarray]


def cusum_step(
    total: np.ndarray, observed: np.ndarray, reference: np.ndarray | float
) -> np.ndarray:
    """The upper sum after one more observation, ``max(0, total + observed - reference)``.

    All arguments have one entry per chart, in the unit of the observation.
    """
    return np.maximum(0.0, total + observed - reference)


def reference_value(rate: float, shifted_rate: float) -> float:
    """The k that tells two Poisson rates (events a day) apart fastest, in events a day.

    Raises:
        ValueError: the shifted rate is not above the rate.
    """
    if not 0 < rate < shifted_rate:
        raise ValueError(f"no chart between a rate of {rate} and one of {shifted_rate}")
    return (shifted_rate - rate) / (np.log(shifted_rate) - np.log(rate))


def poisson_run_length(rate: float, k: float, h: float, grid: float = 0.01) -> float:
    """Average number of days until a Poisson CUSUM from 0 reaches ``h``, exactly.

    Args:
        rate: events a day.
        k: reference value, events a day, a multiple of ``grid``.
        h: decision limit, events, a multiple of ``grid``; the chart signals at h or above.
        grid: the sum only takes multiples of this, so the chain has h / grid states.

    Raises:
        ValueError: k or h lies off the grid.
    """
    steps_k, steps_h, steps_1 = (round(value / grid) for value in (k, h, 1.0))
    if abs(steps_k * grid - k) > 1e-9 or abs(steps_h * grid - h) > 1e-9:
        raise ValueError(f"k {k} and h {h} must be multiples of {grid}")
    # A sum below h takes at most ceil(h + k) events to stay below it.
    events = np.arange(int(np.ceil(h + k)) + 1)
    log_factorials = np.array([lgamma(event + 1) for event in events])
    chance = np.exp(events * np.log(rate) - rate - log_factorials)
    states = np.arange(steps_h)
    stay = np.zeros((steps_h, steps_h))
    for event, p in zip(events, chance, strict=True):
        after = np.maximum(0, states + event * steps_1 - steps_k)
        below = after < steps_h
        np.add.at(stay, (states[below], after[below]), p)
    return float(np.linalg.solve(np.eye(steps_h) - stay, np.ones(steps_h))[0])


def simulated_run_length(
    draw: Draw,
    k: float,
    h: float,
    *,
    two_sided: bool,
    runs: int,
    seed: int,
    longest: int = 1_000_000,
) -> tuple[float, float]:
    """Mean run length of a CUSUM over simulated runs, and the standard error of that mean.

    Args:
        draw: gives ``n`` observations from a generator.
        k: reference value; h: decision limit; both in the unit of the observations. A two-sided
            chart watches the sum below as well.
        two_sided: whether a fall signals too.
        runs: number of runs.
        seed: of the generator, so that a second call gives the same.
        longest: observations after which a run that has not ended is an error.

    Raises:
        RuntimeError: a run did not end.
    """
    generator = np.random.default_rng(seed)
    above, below = np.zeros(runs), np.zeros(runs)
    lengths = np.zeros(runs)
    alive = np.arange(runs)
    for day in range(1, longest + 1):
        observed = draw(generator, len(alive))
        above = cusum_step(above, observed, k)
        below = cusum_step(below, -observed, k) if two_sided else below
        signals = (above >= h) | (below >= h)
        lengths[alive[signals]] = day
        alive, above, below = alive[~signals], above[~signals], below[~signals]
        if not len(alive):
            return float(lengths.mean()), float(lengths.std(ddof=1) / np.sqrt(runs))
    raise RuntimeError(f"{len(alive)} of {runs} runs did not end in {longest} observations")


def accumulate(counts: pd.DataFrame, designs: pd.DataFrame, until: pd.Timestamp) -> pd.DataFrame:
    """The CUSUM of every chart, day by day; after a signal its sum begins at 0 again.

    Args:
        counts: ``chart_id``, ``day`` (date), ``events`` (number of that day); days without events
            are left out.
        designs: ``chart_id``, ``month`` (first day), ``reference_value`` (events a day),
            ``decision_limit`` (events). A month without a design pauses the chart at a sum of 0.
        until: last day.

    Returns:
        One row per chart and day with events while it has a design: ``chart_id``, ``day``,
        ``events``, ``cusum`` (the sum after the day, before it begins again), ``reference_value``,
        ``decision_limit``, ``is_signal``; by chart and day. Sums are rounded to 6 decimals, so
        that a limit met exactly is met on every machine.
    """
    columns = {
        "chart_id": str, "day": "datetime64[us]", "events": int, "cusum": float,
        "reference_value": float, "decision_limit": float, "is_signal": bool,
    }  # fmt: skip
    designs = designs.assign(month=pd.to_datetime(designs["month"]))
    first = designs["month"].min()
    if pd.isna(first) or first > until:
        return pd.DataFrame(columns=list(columns)).astype(columns)
    days = pd.date_range(first, until)
    events, k, h = (
        frame.pivot(index=when, columns="chart_id", values=value).astype(float)
        for frame, when, value in (
            (counts.assign(day=pd.to_datetime(counts["day"])), "day", "events"),
            (designs, "month", "reference_value"),
            (designs, "month", "decision_limit"),
        )
    )
    months = days.to_numpy().astype("datetime64[M]").astype(days.to_numpy().dtype)
    k, h = (frame.reindex(months).to_numpy() for frame in (k, h))
    charts = np.sort(designs["chart_id"].unique())
    events = events.reindex(index=days, columns=charts).fillna(0.0).to_numpy()

    totals = np.zeros_like(events)
    total = np.zeros(len(charts))
    for row in range(len(days)):
        # Without a design the sum is not a number, which counts as 0 on the next day.
        totals[row] = cusum_step(np.nan_to_num(total), events[row], k[row]).round(6)
        total = np.where(totals[row] >= h[row], 0.0, totals[row])
    day, chart = np.nonzero((events > 0) & ~np.isnan(h))
    found = pd.DataFrame(
        {
            "chart_id": charts[chart],
            "day": days.to_numpy()[day],
            "events": events[day, chart],
            "cusum": totals[day, chart],
            "reference_value": k[day, chart],
            "decision_limit": h[day, chart],
            "is_signal": totals[day, chart] >= h[day, chart],
        }
    )
    return found.astype(columns).sort_values(["chart_id", "day"], ignore_index=True)
