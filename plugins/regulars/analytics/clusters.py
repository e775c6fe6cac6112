"""K-means clusters whose number and labels are always the same for the same data."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.cluster import KMeans
from sklearn.metrics import silhouette_score
from threadpoolctl import threadpool_limits

FITTED, NO_DATA = "fitted", "no data"

# The last digits of sums differ from machine to machine.
_DIGITS = 6
_SEED = 1
_STARTS = 10


@dataclass(frozen=True)
class ClusterFit:
    """What became of a cluster analysis of n rows of p features.

    ``labels`` is a series of cluster numbers from 1 on the index of the complete rows;
    ``centres`` a frame of k rows (index the cluster numbers) and p columns in the units of the
    features; ``sizes`` a series of row counts per cluster. ``silhouette`` is the mean silhouette
    width of the chosen k (-1 to 1) and ``candidates`` a series of it per k tried. ``spread`` is the
    root mean squared distance to the own centre in standard deviations per feature;
    ``naive_spread`` the same with one cluster for all. All are empty unless ``status`` is
    ``fitted``; ``note`` then says why.
    """

    status: str
    note: str
    n: int
    labels: pd.Series
    centres: pd.DataFrame
    sizes: pd.Series
    candidates: pd.Series
    silhouette: float | None = None
    spread: float | None = None
    naive_spread: float | None = None


# One thread: sums in one order, and no waiting for cores that other work holds.
@threadpool_limits.wrap(limits=1)
def find_clusters(
    values: pd.DataFrame,
    *,
    min_rows: int,
    k_min: int = 2,
    k_max: int = 8,
    max_fit_rows: int = 5000,
    max_silhouette_rows: int = 1000,
) -> ClusterFit:
    """Standardise the values and group them into the k clusters with the greatest silhouette.

    k is that of ``k_min`` to ``k_max`` with the greatest mean silhouette, the smaller one of a tie.
    Clusters are numbered by their centres, descending in the first feature, then in the next.

    Args:
        values: n rows of p numeric features; rows with a missing value are left out. The order of
            rows decides nothing but which of them are looked at, so give them in a stated order.
        min_rows: fewer complete rows are no data.
        k_min: least number of clusters, 2 or more.
        k_max: greatest number of clusters; never as many as distinct rows.
        max_fit_rows: centres are found on at most so many rows, taken at equal steps.
        max_silhouette_rows: silhouettes are measured on at most so many of these.

    Returns:
        The fit; a constant feature is left out of it and named in ``note``.
    """
    complete = values.astype(float).dropna()
    deviations = complete.std(ddof=0)
    varying = [name for name in complete.columns if deviations[name] > 0]
    left_out = [name for name in complete.columns if name not in varying]
    if len(complete) < min_rows:
        return _unfitted(f"{len(complete)} complete rows, {min_rows} needed", complete)
    if not varying:
        return _unfitted("all rows are equal", complete)
    kept = complete[varying]
    standardised = ((kept - kept.mean()) / deviations[varying]).to_numpy()
    looked_at = _at_equal_steps(standardised, max_fit_rows)
    measured = _at_equal_steps(looked_at, max_silhouette_rows)
    distinct = len(np.unique(measured, axis=0))
    candidates = {}
    for k in range(k_min, min(k_max, distinct - 1) + 1):
        found = _fit(looked_at, k).predict(measured)
        if len(np.unique(found)) > 1:
            candidates[k] = round(float(silhouette_score(measured, found)), _DIGITS)
    if not candidates:
        return _unfitted(f"{distinct} distinct rows, {k_min + 1} needed", complete)
    chosen = max(candidates, key=lambda k: (candidates[k], -k))
    model = _fit(looked_at, chosen)
    # Numbered by the centres, so that a label says the same after every build.
    rounded = model.cluster_centers_.round(_DIGITS)
    order = np.lexsort([-rounded[:, column] for column in reversed(range(rounded.shape[1]))])
    number = np.empty(chosen, dtype=int)
    number[order] = np.arange(1, chosen + 1)
    found = model.predict(standardised)
    labels = pd.Series(number[found], complete.index)
    distances = standardised - model.cluster_centers_[found]
    return ClusterFit(
        status=FITTED,
        note=f"constant and left out: {', '.join(left_out)}" if left_out else "",
        n=len(complete),
        labels=labels,
        centres=complete.groupby(labels).mean().round(_DIGITS),
        sizes=labels.value_counts().sort_index(),
        candidates=pd.Series(candidates),
        silhouette=candidates[chosen],
        spread=round(float(np.sqrt(np.mean(distances**2))), _DIGITS),
        naive_spread=round(float(np.sqrt(np.mean(standardised**2))), _DIGITS),
    )


def _fit(rows: np.ndarray, k: int) -> KMeans:
    return KMeans(n_clusters=k, n_init=_STARTS, random_state=_SEED).fit(rows)


def _at_equal_steps(rows: np.ndarray, most: int) -> np.ndarray:
    if len(rows) <= most:
        return rows
    return rows[np.linspace(0, len(rows) - 1, most).astype(int)]


def _unfitted(note: str, features: pd.DataFrame) -> ClusterFit:
    return ClusterFit(
        status=NO_DATA,
        note=note,
        n=len(features),
        labels=pd.Series(dtype=int),
        centres=pd.DataFrame(columns=features.columns),
        sizes=pd.Series(dtype=int),
        candidates=pd.Series(dtype=float),
    )


def clusters_table(values: pd.DataFrame, fit: ClusterFit) -> pd.DataFrame:
    """One row per row of the values, the figures of the whole fit on every row.

    Columns: the index of the values under its own name, cluster (missing where there is none),
    status, note, n, clusters, silhouette, spread and naive_spread of the fit.
    """
    table = pd.DataFrame(index=values.index)
    table["cluster"] = fit.labels.reindex(values.index).astype("Int64")
    table = table.reset_index().assign(
        status=fit.status,
        note=fit.note,
        n=fit.n,
        clusters=len(fit.sizes),
        **{
            name: float("nan") if getattr(fit, name) is None else getattr(fit, name)
            for name in ("silhouette", "spread", "naive_spread")
        },
    )
    # A column without a value would else be taken for numbers.
    return table.astype(dict.fromkeys([values.index.name, "status", "note"], "string"))
