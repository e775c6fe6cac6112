"""What the next twelve months may bring: sales that vary as they did, and risks that may strike."""

import math
import statistics
from dataclasses import dataclass

import numpy as np
import pandas as pd

SCENARIOS = ("sales alone", "risks by chance", "all risks strike")
_SHARES = (5, 50, 95)


@dataclass(frozen=True)
class Rules:
    """``draws`` simulated years; ``seed`` of the generator; ``min_growths`` months with a year
    before them; ``probability_per_point`` of likelihood, ``loss_per_point`` of impact: shares."""

    draws: int
    seed: int
    min_growths: int
    probability_per_point: float
    loss_per_point: float


def simulate_revenue(
    months: pd.DataFrame, risks: pd.DataFrame | None, rules: Rules
) -> pd.DataFrame:
    """Monte Carlo of the revenue of the twelve months after the last one (RISK-07).

    Each month is the same month a year before, grown by the mean growth of all months over their
    year before and by a normal deviate of the standard deviation of these growths. A risk strikes a
    year with ``likelihood`` times ``probability_per_point`` and takes ``impact`` times
    ``loss_per_point`` of its revenue; risks are independent of each other and of sales.

    Args:
        months: closed months in a row, any order: ``month_start`` (date), ``net_sales`` (chain's
            currency).
        risks: open risks: ``likelihood``, ``impact`` (1 to 5); None where there is no register.

    Returns:
        One row per scenario: ``scenario``, ``p5``, ``p50``, ``p95`` (chain's currency, cents),
        ``mean_growth``, ``growth_sd`` (shares), ``n_growths``, ``n_risks``, ``status``. Figures are
        NaN unless status is ``simulated``. The same input and seed give the same figures.

    Raises:
        Nothing: too little data is a status.
    """
    ordered = months.sort_values("month_start").reset_index(drop=True)
    sales = ordered["net_sales"].astype(float)
    before = sales.shift(12)
    growths = (sales / before - 1)[before > 0].tolist()
    mean = statistics.fmean(growths) if growths else math.nan
    sd = statistics.stdev(growths) if len(growths) > 1 else math.nan
    enough = len(growths) >= max(rules.min_growths, 2)
    drawn = _drawn(sales.to_numpy()[-12:], mean, sd, risks, rules) if enough else {}

    rows = []
    for scenario in SCENARIOS:
        revenue = drawn.get(scenario)
        if revenue is not None:
            status = "simulated"
        elif enough:
            status = "no data: ref_risks"
        else:
            status = "no data: too few months"
        shares = [math.nan] * 3 if revenue is None else np.percentile(revenue, _SHARES)
        rows.append(
            {
                "scenario": scenario,
                **{f"p{s}": round(float(v), 2) for s, v in zip(_SHARES, shares, strict=True)},
                "mean_growth": round(mean, 9),
                "growth_sd": round(sd, 9),
                "n_growths": len(growths),
                "n_risks": -1 if risks is None else len(risks),
                "status": status,
            }
        )
    return pd.DataFrame(rows)


def _drawn(base, mean, sd, risks, rules) -> dict[str, np.ndarray]:
    """Revenue of each draw by scenario; without a register only that of sales."""
    random = np.random.default_rng(rules.seed)
    factors = np.maximum(1 + mean + sd * random.standard_normal((rules.draws, len(base))), 0)
    alone = factors @ base
    if risks is None:
        return {"sales alone": alone}
    # In a stated order, so that the same risks meet the same draws.
    register = risks.sort_values(["likelihood", "impact"])
    chance = np.minimum(register["likelihood"].to_numpy(float) * rules.probability_per_point, 1)
    kept = np.maximum(1 - register["impact"].to_numpy(float) * rules.loss_per_point, 0)
    strikes = random.random((rules.draws, len(register))) < chance
    return {
        "sales alone": alone,
        "risks by chance": alone * np.where(strikes, kept, 1).prod(axis=1),
        "all risks strike": alone * kept.prod(),
    }
