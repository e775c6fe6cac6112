"""Lifetime forecasts of customers, and how they would have done a while ago.

Histories come as a frame of one row per customer and ``history``, which is ``now`` (up to as_of) or
``holdout`` (as it stood when the holdout began). Times are days. Columns: customer_id,
repeat_purchases, last_purchase_day, age_days (see ``clv``), paid_purchases and mean_spend (days
with spend above 0 and their mean; null where there is none); of holdout rows also later_purchases
and later_spend (within the holdout), earlier_purchases and earlier_spend (in as many days before).
"""

from dataclasses import asdict
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from regulars.analytics import clv, register

NAMES = ("bg_nbd", "gamma_gamma")


def fit(histories: pd.DataFrame, fewest: int) -> tuple[clv.BgNbd, clv.GammaGamma] | None:
    """Both models over customers in the order of their ids; None where there is too little data.

    Too little is fewer than ``fewest`` customers, or none with the purchases that a fit needs.
    """
    ordered = histories.sort_values("customer_id")
    paying = ordered[(ordered.paid_purchases > 0) & (ordered.mean_spend > 0)]
    if len(ordered) < fewest or len(paying) < 2 or not (ordered.repeat_purchases > 0).any():
        return None
    states, _ = _states(ordered)
    spend = clv.fit_gamma_gamma(paying.paid_purchases.to_numpy(), paying.mean_spend.to_numpy())
    return clv.fit_bg_nbd(states), spend


def score(
    histories: pd.DataFrame,
    models: tuple[clv.BgNbd, clv.GammaGamma],
    horizons: dict[str, float],
    outlook: float,
) -> pd.DataFrame:
    """One row per customer, in the order of their ids.

    Returns:
        customer_id, alive_probability, silent_probability (nothing within ``outlook`` days),
        median_wait_days, spend_per_purchase, and for every horizon purchases_<name> and
        purchases_<name>_if_alive, what is expected of a customer who is known to be alive.
    """
    ordered = histories.sort_values("customer_id")
    bg_nbd, gamma_gamma = models
    states, at = _states(ordered)
    scores = {
        "customer_id": ordered.customer_id.to_numpy(),
        "alive_probability": clv.probability_alive(bg_nbd, states)[at],
        "silent_probability": clv.probability_silent(bg_nbd, states, outlook)[at],
        "median_wait_days": clv.median_wait(bg_nbd, states)[at],
        "spend_per_purchase": clv.expected_spend(
            gamma_gamma,
            ordered.paid_purchases.to_numpy(dtype=float),
            ordered.mean_spend.to_numpy(dtype=float),
        ),
    }
    for name, days in horizons.items():
        scores[f"purchases_{name}"] = clv.expected_purchases(bg_nbd, states, days)[at]
    alive = scores["alive_probability"]
    for name in horizons:
        scores[f"purchases_{name}_if_alive"] = scores[f"purchases_{name}"] / alive
    return pd.DataFrame(scores)


def fit_and_test(
    histories: pd.DataFrame, as_of: date, holdout: float, fewest: int, compared: int
) -> pd.DataFrame:
    """Rows of the model register: the models of as_of, with the errors of those of the holdout.

    The naive forecast of the holdout repeats as many days before it. Pareto/NBD stands beside
    BG/NBD for comparison, fitted on every k-th customer where there are more than ``compared``.
    """
    now = histories[histories.history == "now"]
    models = fit(now, fewest)
    if models is None:
        note = f"fewer than {fewest} customers, or none with repeat purchases and spend"
        missing = [
            register.row(name, as_of, len(now), status="no data", note=note)
            for name in (*NAMES, "pareto_nbd", "lifetime_spend", "lifetime_ranking")
        ]
        return register.frame(missing)
    errors = _holdout(histories[histories.history == "holdout"], holdout, fewest, compared)
    rows = [
        _fitted(name, as_of, len(now), model) | errors.get(name, {})
        for name, model in zip(NAMES, models, strict=True)
    ]
    states = clv.every_kth(_states(now)[0], compared)
    pareto = _fitted("pareto_nbd", as_of, int(states.customers), clv.fit_pareto_nbd(states))
    again = clv.fit_bg_nbd(states)
    beside = pareto["log_likelihood"] - again.log_likelihood
    pareto["note"] = f"log-likelihood {beside:+.1f} beside BG/NBD on the same customers"
    rows.append(pareto | errors.get("pareto_nbd", {}))
    for name in ("lifetime_spend", "lifetime_ranking"):
        if all(model.converged for model in models):
            status = "fitted" if name in errors else "no data"
            note = "bg_nbd and gamma_gamma together"
        else:
            status, note = "not converged", "bg_nbd or gamma_gamma found no maximum"
        row = register.row(name, as_of, len(now), status=status, note=note)
        rows.append(row | errors.get(name, {}))
    return register.frame(rows)


def models_of(table: pd.DataFrame) -> tuple[clv.BgNbd, clv.GammaGamma] | None:
    """The fitted models of a register; None where they were not fitted."""
    rate, spend = (register.parameters_of(table, name) for name in NAMES)
    if rate is None or spend is None:
        return None
    return clv.BgNbd(**rate, converged=True), clv.GammaGamma(**spend, converged=True)


def score_registered(
    histories: pd.DataFrame, table: pd.DataFrame, horizons: dict[str, float], outlook: float
) -> pd.DataFrame:
    """``score`` with the models of a register; no row where they were not fitted."""
    models = models_of(table)
    if models is None:
        numbers = ["alive_probability", "silent_probability", "median_wait_days"]
        numbers += ["spend_per_purchase", *(f"purchases_{name}" for name in horizons)]
        numbers += [f"purchases_{name}_if_alive" for name in horizons]
        types = {"customer_id": "string"} | dict.fromkeys(numbers, "float64")
        return pd.DataFrame(columns=list(types)).astype(types)
    return score(histories, models, horizons, outlook)


def _states(histories: pd.DataFrame) -> tuple[clv.States, np.ndarray]:
    return clv.compress(
        histories.repeat_purchases.to_numpy(),
        histories.last_purchase_day.to_numpy(),
        histories.age_days.to_numpy(),
    )


def _fitted(name: str, as_of: date, n: int, model: Any) -> dict[str, Any]:
    values = asdict(model)
    status = "fitted" if values.pop("converged") else "not converged"
    row = register.row(name, as_of, n, parameters=values, status=status)
    return row | {"log_likelihood": values["log_likelihood"]}


def _holdout(
    past: pd.DataFrame, holdout: float, fewest: int, compared: int
) -> dict[str, dict[str, Any]]:
    """Errors of forecast and naive forecast by model; empty where the past is too short."""
    past = past.sort_values("customer_id")
    models = fit(past, fewest)
    if models is None:
        return {}
    scores = score(past, models, {"holdout": holdout}, holdout)
    purchases, spend = (past[f"later_{kind}"].to_numpy() for kind in ("purchases", "spend"))
    before, spend_before = (past[f"earlier_{kind}"].to_numpy() for kind in ("purchases", "spend"))
    forecast = scores.purchases_holdout.to_numpy()
    worth = forecast * scores.spend_per_purchase.to_numpy()
    states, at = _states(past)
    pareto = clv.fit_pareto_nbd(clv.every_kth(states, compared))
    rival = clv.expected_purchases_pareto(pareto, states, holdout)[at]
    bought = (purchases > 0) & (past.paid_purchases.to_numpy() > 0)
    each = np.divide(spend, purchases, where=bought, out=np.zeros(len(past)))[bought]
    own = past.mean_spend.to_numpy(dtype=float)[bought]
    days = f"in the {holdout:.0f} days held out"
    return {
        "bg_nbd": _errors(f"mean absolute error of purchases {days}", purchases, forecast, before),
        "pareto_nbd": _errors(f"mean absolute error of purchases {days}", purchases, rival, before),
        "gamma_gamma": _errors(
            f"mean absolute error of spend per purchase {days}",
            each,
            scores.spend_per_purchase.to_numpy()[bought],
            own,
        )
        if bought.any()
        else {},
        "lifetime_spend": _errors(
            f"mean absolute error of spend {days}", spend, worth, spend_before
        ),
        "lifetime_ranking": {
            "error_measure": f"1 - rank correlation with spend {days}",
            "error_value": register.rounded(1 - _rank_correlation(worth, spend)),
            "naive_error_value": register.rounded(1 - _rank_correlation(spend_before, spend)),
        },
    }


def _errors(measure: str, true: Any, forecast: Any, naive: Any) -> dict[str, Any]:
    return {
        "error_measure": measure,
        "error_value": register.rounded(float(np.abs(true - forecast).mean())),
        "naive_error_value": register.rounded(float(np.abs(true - naive).mean())),
    }


def _rank_correlation(first: Any, second: Any) -> float:
    """Spearman's, ties at their mean rank; 0 where either side has no spread."""
    ranks = [pd.Series(values).rank().to_numpy() for values in (first, second)]
    if any(np.ptp(rank) == 0 for rank in ranks):
        return 0.0
    return float(np.corrcoef(*ranks)[0, 1])
