"""Maximum likelihood factor analysis with varimax rotation, as R's ``factanal`` does it.

The fit is that of ``statsmodels.multivariate.factor.Factor``; the test of fit follows Lawley and
Maxwell (1971) with Bartlett's correction. Signs and order of the factors are fixed, so that the
same data always give the same factors: see ``fit_factors``.
"""

import warnings
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.stats import chi2
from statsmodels.multivariate.factor import Factor

FITTED, NO_DATA, NOT_CONVERGED = "fitted", "no data", "not converged"

# The optimiser stops at a gradient of 1e-8 or so: further digits differ from machine to machine.
_DIGITS = 6
_SEED = 1  # of the loadings at which the search starts


@dataclass(frozen=True)
class FactorFit:
    """What became of a factor analysis of p indicators into k factors.

    ``loadings`` is a p x k frame (rows the indicators, columns F1 to Fk), ``uniquenesses`` a series
    of p shares of variance that the factors leave open, ``explained`` a series of k shares of the
    total variance; ``means`` and ``deviations`` (sample standard deviations) are those by which raw
    values were standardised, absent where a correlation matrix was given. ``chi_square`` tests
    that k factors suffice; it is none on 0 degrees of freedom. All tables are empty
    unless ``status`` is ``fitted``; ``note`` then says why.
    """

    status: str
    note: str
    n: int
    loadings: pd.DataFrame
    uniquenesses: pd.Series
    explained: pd.Series
    eigenvalues: pd.Series
    chi_square: float | None = None
    degrees_of_freedom: int | None = None
    p_value: float | None = None
    residual: float | None = None
    naive_residual: float | None = None
    means: pd.Series | None = None
    deviations: pd.Series | None = None


def analyse_factors(
    values: pd.DataFrame,
    *,
    min_rows: int,
    min_eigenvalue: float = 1.0,
    factors: int | None = None,
) -> FactorFit:
    """Standardise the values and fit as many factors as eigenvalues exceed ``min_eigenvalue``.

    Where the likelihood of so many has no maximum, one fewer is tried, and ``note`` says so.

    Args:
        values: n rows of p numeric indicators; rows with a missing value are left out.
        min_rows: fewer complete rows are no data.
        min_eigenvalue: Kaiser's rule for the number of factors; at least one, and never more than
            p indicators can identify (degrees of freedom of 0 or more).
        factors: the number of factors where it is known beforehand.

    Returns:
        The fit; a constant indicator is left out of it and named in ``note``.
    """
    complete = values.astype(float).dropna()
    deviations = complete.std(ddof=1)
    varying = [name for name in complete.columns if deviations[name] > 0]
    left_out = [name for name in complete.columns if name not in varying]
    note = f"constant and left out: {', '.join(left_out)}" if left_out else ""
    if len(complete) < min_rows:
        return _unfitted(NO_DATA, f"{len(complete)} complete rows, {min_rows} needed", complete)
    if len(varying) < 3:
        return _unfitted(NO_DATA, f"{len(varying)} indicators vary, 3 needed; {note}", complete)
    kept = complete[varying]
    correlation = kept.corr()
    wanted = factors or retained_factors(_eigenvalues(correlation), min_eigenvalue)
    fit = fit_factors(correlation, len(kept), wanted)
    fewer = ""
    while factors is None and fit.status == NOT_CONVERGED and wanted > 1:
        wanted -= 1
        fit = fit_factors(correlation, len(kept), wanted)
        fewer = f"more than {wanted} do not converge"
    return replace(
        fit,
        note="; ".join(part for part in (fit.note, note, fewer) if part),
        means=kept.mean(),
        deviations=deviations[varying],
    )


def retained_factors(eigenvalues: pd.Series, min_eigenvalue: float) -> int:
    """How many factors to keep of the p eigenvalues of a correlation matrix (Kaiser's rule)."""
    indicators = len(eigenvalues)
    identified = [k for k in range(1, indicators) if _degrees_of_freedom(indicators, k) >= 0]
    wanted = int((eigenvalues > min_eigenvalue).sum())
    return max(1, min(wanted, identified[-1]))


def fit_factors(correlation: pd.DataFrame, n: int, factors: int) -> FactorFit:
    """Fit a number of factors to a correlation matrix of n observations.

    Factors come in the order of the variance they explain after rotation; each has the sign with
    which its greatest loading is positive. Ties go to the indicator that comes first.

    Args:
        correlation: symmetric p x p frame with a unit diagonal, of full rank.
        n: rows that it was computed from.
        factors: k, such that ((p - k)^2 - p - k) / 2 is not negative.

    Raises:
        ValueError: p indicators cannot identify so many factors.
    """
    indicators = list(correlation.columns)
    p = len(indicators)
    freedom = _degrees_of_freedom(p, factors)
    if factors < 1 or freedom < 0:
        raise ValueError(f"{p} indicators cannot identify {factors} factors")
    matrix = correlation.to_numpy(dtype=float)
    eigenvalues = _eigenvalues(correlation)
    if eigenvalues.iloc[-1] < 1e-8:
        reason = "an indicator follows from the others: the correlations have no full rank"
        return _unfitted(NOT_CONVERGED, reason, correlation, n)
    model = Factor(corr=matrix, n_factor=factors, method="ml", nobs=n)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # both of its warnings are told in status and note
            result = model.fit(rng=_SEED)
    except np.linalg.LinAlgError as error:
        return _unfitted(NOT_CONVERGED, str(error), correlation, n)
    if not (result.mle_retvals.success and np.isfinite(result.loadings).all()):
        reason = "the likelihood has no maximum that the optimiser can find"
        return _unfitted(NOT_CONVERGED, reason, correlation, n)
    uniquenesses = np.asarray(result.uniqueness)
    implied = result.loadings @ result.loadings.T + np.diag(uniquenesses)
    if factors > 1:
        result.rotate("varimax")
    loadings = _in_fixed_order(np.asarray(result.loadings))
    misfit = _misfit(matrix, implied)
    corrected = (n - 1 - (2 * p + 5) / 6 - 2 * factors / 3) * misfit
    off_diagonal = ~np.eye(p, dtype=bool)
    names = [f"F{number + 1}" for number in range(factors)]
    note = "" if uniquenesses.min() > 0.005 else "a uniqueness at its bound of 0 (Heywood case)"
    return FactorFit(
        status=FITTED,
        note=note,
        n=n,
        loadings=pd.DataFrame(loadings.round(_DIGITS), indicators, names),
        uniquenesses=pd.Series(uniquenesses.round(_DIGITS), indicators),
        explained=pd.Series(((loadings**2).sum(axis=0) / p).round(_DIGITS), names),
        eigenvalues=eigenvalues.round(_DIGITS),
        chi_square=round(float(corrected), _DIGITS) if freedom else None,
        degrees_of_freedom=freedom,
        p_value=round(float(chi2.sf(corrected, freedom)), _DIGITS) if freedom else None,
        residual=round(float(np.sqrt(np.mean((matrix - implied)[off_diagonal] ** 2))), _DIGITS),
        naive_residual=round(float(np.sqrt(np.mean(matrix[off_diagonal] ** 2))), _DIGITS),
    )


def factor_scores(values: pd.DataFrame, fit: FactorFit) -> pd.DataFrame:
    """Scores by regression (Thomson): one row per complete row of values, columns F1 to Fk.

    Over the rows that the fit was made from each score has mean 0.

    Args:
        values: rows of the indicators of the fit, raw; their index is kept.
        fit: a fit by ``analyse_factors``. One that is not ``fitted`` gives no rows.
    """
    if fit.status != FITTED or fit.means is None:
        return pd.DataFrame(index=values.index[:0])
    indicators = list(fit.loadings.index)
    complete = values[indicators].astype(float).dropna()
    standardised = ((complete - fit.means) / fit.deviations).to_numpy()
    loadings = fit.loadings.to_numpy()
    implied = loadings @ loadings.T + np.diag(fit.uniquenesses.to_numpy())
    scores = standardised @ np.linalg.solve(implied, loadings)
    return pd.DataFrame(scores.round(_DIGITS), complete.index, fit.loadings.columns)


def _in_fixed_order(loadings: np.ndarray) -> np.ndarray:
    signs = np.sign(loadings[np.abs(loadings).argmax(axis=0), range(loadings.shape[1])])
    signed = loadings * np.where(signs == 0, 1, signs)
    explained = (signed**2).sum(axis=0).round(_DIGITS)
    return signed[:, np.lexsort((np.abs(signed).argmax(axis=0), -explained))]


def _misfit(observed: np.ndarray, implied: np.ndarray) -> float:
    return (
        np.linalg.slogdet(implied)[1]
        - np.linalg.slogdet(observed)[1]
        + np.trace(np.linalg.solve(implied, observed))
        - len(observed)
    )


def _degrees_of_freedom(indicators: int, factors: int) -> int:
    return ((indicators - factors) ** 2 - indicators - factors) // 2


def _eigenvalues(correlation: pd.DataFrame) -> pd.Series:
    values = np.linalg.eigvalsh(correlation.to_numpy(dtype=float))[::-1]
    return pd.Series(values, range(1, len(values) + 1))


def _unfitted(status: str, note: str, indicators: pd.DataFrame, n: int | None = None) -> FactorFit:
    return FactorFit(
        status=status,
        note=note.rstrip("; "),
        n=len(indicators) if n is None else n,
        loadings=pd.DataFrame(index=indicators.columns[:0]),
        uniquenesses=pd.Series(dtype=float),
        explained=pd.Series(dtype=float),
        eigenvalues=pd.Series(dtype=float),
    )


def loadings_table(fit: FactorFit) -> pd.DataFrame:
    """The loadings in long form, the figures of the whole fit on every row.

    Columns: factor, indicator, loading, explained (share of the total variance that the factor
    explains), uniqueness of the indicator; status, note, n, factors, chi_square,
    degrees_of_freedom, p_value, residual and naive_residual (root mean squared correlation left
    open, and that without any factor) of the fit. A fit that is not there is one row without a
    factor.
    """
    rows = [
        (factor, indicator, fit.loadings.loc[indicator, factor], fit.explained[factor],
         fit.uniquenesses[indicator])
        for factor in fit.loadings.columns
        for indicator in fit.loadings.index
    ]  # fmt: skip
    columns = ["factor", "indicator", "loading", "explained", "uniqueness"]
    table = pd.DataFrame(rows or [(None, None, None, None, None)], columns=columns)
    table[columns[2:]] = table[columns[2:]].astype(float)
    table = table.assign(
        status=fit.status,
        note=fit.note,
        n=fit.n,
        factors=fit.loadings.shape[1],
        **{
            name: float("nan") if getattr(fit, name) is None else float(getattr(fit, name))
            for name in (
                *("chi_square", "degrees_of_freedom", "p_value"),
                *("residual", "naive_residual"),
            )
        },
    )
    # A column without a value would else be taken for numbers.
    return table.astype(dict.fromkeys(["factor", "indicator", "status", "note"], "string"))


def scores_table(values: pd.DataFrame, fit: FactorFit) -> pd.DataFrame:
    """The scores in long form: the index of the values under its own name, factor, score."""
    scores = factor_scores(values, fit)
    index = values.index.name
    long = scores.rename_axis(index=index, columns="factor").stack().rename("score").reset_index()
    return long.astype({index: "string", "factor": "string", "score": float})
