"""Ordinary least squares that says what it left out and how far off it is."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from statsmodels.regression.linear_model import OLS

FITTED, NO_DATA = "fitted", "no data"
INTERCEPT = "intercept"
KEPT, CONSTANT, COLLINEAR = "kept", "constant", "collinear"

# The last digits of a solved system differ from machine to machine.
_DIGITS = 9
# Share of a feature's variance that those before it must leave open for a coefficient of its own.
_OWN_VARIANCE = 1e-9
_FOLDS = 5


@dataclass(frozen=True)
class RegressionFit:
    """What became of a regression of n values on p features.

    ``coefficients`` is a frame of one row per feature, the intercept first (index the name):
    ``coef`` in units of the target per unit of the feature, ``se`` its standard error, ``p_value``
    of the test against 0, ``beta`` the standardised coefficient, ``state`` (kept, constant or
    collinear) and ``note``; figures of a feature that is not kept are missing. ``r2`` is the share
    of variance explained. ``rmse`` is the root mean squared error of rows that the fit has
    not seen (five folds), in units of the target, ``naive_rmse`` that of the mean of the others.
    The frame is empty unless ``status`` is ``fitted``; ``note`` then says why.
    """

    status: str
    note: str
    n: int
    coefficients: pd.DataFrame
    r2: float | None = None
    rmse: float | None = None
    naive_rmse: float | None = None


def fit_regression(
    values: pd.DataFrame, target: str, features: list[str], *, min_rows: int
) -> RegressionFit:
    """Regress the target on the features, with standard errors robust to unequal variance (HC1).

    A feature that is constant, or that follows from those before it in the list, gets no
    coefficient and a row that says so: the others keep theirs.

    Args:
        values: n rows with the target and every feature, numeric; rows with a missing value are
            left out. The folds go by position, so give the rows in a stated order.
        target: name of the column to explain.
        features: names of the explaining columns, those to be kept of a collinear set first.
        min_rows: fewer complete rows are no data; never fewer than coefficients plus two.

    Raises:
        KeyError: the values lack a feature or the target; none is dropped in silence.
    """
    missing = [name for name in [target, *features] if name not in values.columns]
    if missing:
        raise KeyError(f"the regression of {target} lacks {', '.join(missing)}")
    complete = values[[target, *features]].astype(float).dropna()
    needed = max(min_rows, len(features) + 3)
    if len(complete) < needed:
        return _unfitted(f"{len(complete)} complete rows, {needed} needed", len(complete))
    if not complete[target].std(ddof=0) > 0:
        return _unfitted(f"{target} is constant", len(complete))
    states, notes = _independent(complete[features])
    kept = [name for name in features if states[name] == KEPT]
    observed = complete[target].to_numpy()
    design = np.column_stack([np.ones(len(complete)), complete[kept].to_numpy()])
    result = OLS(observed, design).fit(cov_type="HC1")
    deviations = complete[kept].std(ddof=1).to_numpy() / complete[target].std(ddof=1)
    table = pd.DataFrame(
        {
            "coef": result.params,
            "se": result.bse,
            "p_value": result.pvalues,
            "beta": np.concatenate([[np.nan], result.params[1:] * deviations]),
        },
        index=[INTERCEPT, *kept],
    )
    table = table.round(_DIGITS).reindex([INTERCEPT, *features])
    table["state"] = [KEPT, *(states[name] for name in features)]
    table["note"] = ["", *(notes[name] for name in features)]
    rmse, naive_rmse = _held_out_errors(design, observed)
    dropped = [name for name in features if states[name] != KEPT]
    return RegressionFit(
        status=FITTED,
        note=f"without a coefficient: {', '.join(dropped)}" if dropped else "",
        n=len(complete),
        coefficients=table,
        r2=round(float(result.rsquared), _DIGITS),
        rmse=round(rmse, _DIGITS),
        naive_rmse=round(naive_rmse, _DIGITS),
    )


def _independent(features: pd.DataFrame) -> tuple[dict[str, str], dict[str, str]]:
    """State and note of each feature: kept where those kept before it leave some of it open."""
    states, notes = {}, {}
    basis: list[np.ndarray] = []
    kept: list[str] = []
    for name in features.columns:
        column = features[name].to_numpy()
        centred = column - column.mean()
        size = np.linalg.norm(centred)
        if not size > 1e-12 * max(1.0, np.abs(column).max()) * np.sqrt(len(column)):
            states[name], notes[name] = CONSTANT, "has one value only"
            continue
        rest = centred / size
        for _ in range(2):  # twice is enough against rounding (Kahan)
            for direction in basis:
                rest = rest - direction * (direction @ rest)
        if rest @ rest < _OWN_VARIANCE:
            states[name], notes[name] = COLLINEAR, f"follows from {', '.join(kept)}"
            continue
        basis.append(rest / np.linalg.norm(rest))
        kept.append(name)
        states[name], notes[name] = KEPT, ""
    return states, notes


def _held_out_errors(design: np.ndarray, observed: np.ndarray) -> tuple[float, float]:
    fold = np.arange(len(observed)) % _FOLDS
    errors, naive_errors = np.empty(len(observed)), np.empty(len(observed))
    for number in range(_FOLDS):
        held = fold == number
        fitted, *_ = np.linalg.lstsq(design[~held], observed[~held], rcond=None)
        errors[held] = observed[held] - design[held] @ fitted
        naive_errors[held] = observed[held] - observed[~held].mean()
    return float(np.sqrt(np.mean(errors**2))), float(np.sqrt(np.mean(naive_errors**2)))


def _unfitted(note: str, n: int) -> RegressionFit:
    columns = ["coef", "se", "p_value", "beta", "state", "note"]
    return RegressionFit(NO_DATA, note, n, pd.DataFrame(columns=columns))


def coefficients_table(fit: RegressionFit) -> pd.DataFrame:
    """The coefficients in long form, the figures of the whole fit on every row.

    Columns: feature, coef, se, p_value, beta, state, note of the feature; status, fit_note, n, r2,
    rmse and naive_rmse of the fit. A fit that is not there is one row without a feature.
    """
    table = fit.coefficients.rename_axis("feature").reset_index()
    if fit.status != FITTED:
        table = pd.DataFrame({name: [None] for name in table.columns})
    figures = ["coef", "se", "p_value", "beta"]
    table[figures] = table[figures].astype(float)
    table = table.assign(
        status=fit.status,
        fit_note=fit.note,
        n=fit.n,
        **{name: _number(getattr(fit, name)) for name in ("r2", "rmse", "naive_rmse")},
    )
    # A column without a value would else be taken for numbers.
    texts = ["feature", "state", "note", "status", "fit_note"]
    return table.astype(dict.fromkeys(texts, "string"))


def _number(value: float | None) -> float:
    return float("nan") if value is None else value
