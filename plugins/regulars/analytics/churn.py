"""Risk that a customer falls silent: a logistic regression with its back-test.

Signals come as a frame of one row per customer and ``moment``: ``train`` and ``test`` are days on
which it is known what came after, ``now`` is as_of. Its columns are ``SIGNALS``; has_fallen_silent
is no purchase within the outlook, null for now.

The model of ``train`` is judged on ``test``; the model in use is fitted on both. A logistic
regression without class weights is calibrated on what it was fitted on; the back-test shows whether
it still is half a year later.
"""

from datetime import date

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression

from regulars.analytics import register

# feature → how a customer stands to the mean who is above it, and who is below it.
FEATURES = {
    "log_days_since": ("long silence", "bought lately"),
    "log_purchase_days": ("many purchases so far", "few purchases so far"),
    "log_gap_ratio": ("silent beyond the own rhythm", "within the own rhythm"),
    "frequency_change": ("buys more often than before", "buys less often than before"),
    "log_tenure": ("long a customer", "a customer for a short time"),
    "low_csat": ("low satisfaction", "no low satisfaction"),
    "open_complaint": ("complaint not yet solved", "no open complaint"),
}
# Columns of the signals that are read; texts beside them cost more than the fit.
SIGNALS = (
    "moment",
    "customer_id",
    "tenure_days",
    "days_since_purchase",
    "purchase_days",
    "gap_ratio",
    "receipts_recent",
    "receipts_earlier",
    "has_low_csat",
    "has_open_complaint",
    "has_fallen_silent",
)
MOST_DRIVERS = 3
LEAST_DRIVER = 0.1  # log-odds
_REGULARISATION = 1.0


def features(signals: pd.DataFrame) -> pd.DataFrame:
    """The measures of every row on scales without bounds; what is unknown is neutral."""
    silence = signals.days_since_purchase.astype(float)
    ratio = signals.gap_ratio.astype(float).clip(0.05, 50)
    recent = signals.receipts_recent.astype(float)
    earlier = signals.receipts_earlier.astype(float)
    return pd.DataFrame(
        {
            "log_days_since": np.log1p(silence),
            "log_purchase_days": np.log1p(signals.purchase_days.astype(float)),
            "log_gap_ratio": np.log(ratio).fillna(0.0),
            "frequency_change": np.log((recent + 1) / (earlier + 1)),
            "log_tenure": np.log1p(signals.tenure_days.astype(float)),
            "low_csat": signals.has_low_csat.astype(float),
            "open_complaint": signals.has_open_complaint.astype(float),
        },
        index=signals.index,
    )[list(FEATURES)]


def fit_and_test(signals: pd.DataFrame, as_of: date, fewest: int) -> pd.DataFrame:
    """Rows of the model register: ``churn_risk`` in use, ``churn_risk_backtest`` of the past.

    The error is the Brier score, the mean squared difference of probability and outcome on the
    customers of ``test``; the naive forecast is the share that fell silent in ``train``.
    """
    signals = signals.sort_values(["moment", "customer_id"])
    train, test = (signals[signals.moment == moment] for moment in ("train", "test"))
    past = _coefficients(train, fewest)
    used = _coefficients(pd.concat([train, test]), fewest)
    backtest = {}
    if past is not None and len(test):
        outcome = test.has_fallen_silent.astype(float).to_numpy()
        naive = float(train.has_fallen_silent.astype(float).mean())
        backtest = {
            "error_measure": "Brier score of falling silent within the outlook",
            "error_value": register.rounded(
                float(((probabilities(test, past) - outcome) ** 2).mean())
            ),
            "naive_error_value": register.rounded(float(((naive - outcome) ** 2).mean())),
        }
    rows = []
    for name, model, n in (
        ("churn_risk", used, len(train) + len(test)),
        ("churn_risk_backtest", past, len(train)),
    ):
        if model is None:
            note = f"fewer than {fewest} customers with a known outcome, or all with the same"
            rows.append(register.row(name, as_of, n, status="no data", note=note))
        else:
            row = register.row(name, as_of, n, parameters=model, status="fitted")
            rows.append(row | backtest)
    return register.frame(rows)


def probabilities(signals: pd.DataFrame, model: dict[str, float]) -> np.ndarray:
    """Probability of each row to fall silent within the outlook."""
    return 1 / (1 + np.exp(-(model["intercept"] + _contributions(signals, model).sum(axis=1))))


def score(signals: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """One row per customer of ``now`` and of ``test``, the latter by the model of its past.

    Returns:
        moment, customer_id, churn_probability, and model_drivers: up to three measures that raise
        it most above that of a mean customer, in words, strongest first; no row without a model.
    """
    parts = []
    for moment, name in (("now", "churn_risk"), ("test", "churn_risk_backtest")):
        model = register.parameters_of(table, name)
        rows = signals[signals.moment == moment].sort_values("customer_id")
        if model is None or not len(rows):
            continue
        parts.append(
            pd.DataFrame(
                {
                    "moment": moment,
                    "customer_id": rows.customer_id.to_numpy(),
                    "churn_probability": probabilities(rows, model),
                    "model_drivers": _drivers(rows, model),
                }
            )
        )
    types = {
        "moment": "string",
        "customer_id": "string",
        "churn_probability": "float64",
        "model_drivers": "string",
    }
    if not parts:
        return pd.DataFrame(columns=list(types)).astype(types)
    return pd.concat(parts, ignore_index=True).astype(types)


def _coefficients(known: pd.DataFrame, fewest: int) -> dict[str, float] | None:
    """Intercept, and per feature the slope and the mean; None with too few or only one outcome."""
    outcome = known.has_fallen_silent.astype(float)
    if len(known) < fewest or outcome.nunique() < 2:
        return None
    measured = features(known)
    means, spreads = measured.mean(), measured.std(ddof=0)
    # A measure that is the same for all tells nothing; its spread may be a rounding error.
    spreads = spreads.where(spreads > 1e-9, 1.0)
    fitted = LogisticRegression(C=_REGULARISATION, max_iter=1000, tol=1e-8)
    fitted.fit(((measured - means) / spreads).to_numpy(), outcome.to_numpy())
    slopes = fitted.coef_[0] / spreads.to_numpy()
    model = {"intercept": float(fitted.intercept_[0])}
    for name, slope in zip(FEATURES, slopes, strict=True):
        model |= {name: float(slope), f"{name}_mean": float(means[name])}
    return {name: register.rounded(value) for name, value in model.items()}


def _deviations(signals: pd.DataFrame, model: dict[str, float]) -> np.ndarray:
    """Features less their means, rows by features."""
    return features(signals).to_numpy() - np.array([model[f"{name}_mean"] for name in FEATURES])


def _contributions(signals: pd.DataFrame, model: dict[str, float]) -> np.ndarray:
    """Log-odds that each feature adds to those of a mean customer, rows by features."""
    return _deviations(signals, model) * np.array([model[name] for name in FEATURES])


def _drivers(signals: pd.DataFrame, model: dict[str, float]) -> list[str | None]:
    """What raises each row's risk most, in words; None where nothing does."""
    above = _deviations(signals, model) > 0
    added = _contributions(signals, model)
    order = np.argsort(-added, axis=1, kind="stable")[:, :MOST_DRIVERS]
    words = list(FEATURES.values())
    return [
        "; ".join(
            words[i][0 if above[row, i] else 1] for i in best if added[row, i] >= LEAST_DRIVER
        )
        or None
        for row, best in enumerate(order)
    ]
