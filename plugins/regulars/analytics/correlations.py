"""Correlations of indicator pairs with their number of rows and p-value (SciPy)."""

from itertools import combinations

import numpy as np
import pandas as pd
from scipy.stats import pearsonr, spearmanr

METHODS = {"pearson": pearsonr, "spearman": spearmanr}

# Sums over rows that come in another order differ in their last digits.
_DIGITS = 9


def correlate_pairs(values: pd.DataFrame, *, min_rows: int) -> pd.DataFrame:
    """Correlate every pair of the p columns by both methods.

    Args:
        values: n rows of numeric indicators; a pair uses the rows in which neither is missing.
        min_rows: fewer such rows give no coefficient; never fewer than 3.

    Returns:
        p (p - 1) / 2 pairs times two methods in the order of the columns: x, y, method, r (-1 to
        1), n, p_value (two-sided), low and high (95 % interval by Fisher's z; missing below 4 rows
        and where r is -1 or 1 both ends are r), status and note. r is missing, never a number,
        where a column of the pair is constant.
    """
    rows = []
    for x, y in combinations(values.columns, 2):
        pair = values[[x, y]].astype(float).dropna()
        constant = [name for name in (x, y) if pair[name].nunique() < 2]
        for method, measure in METHODS.items():
            row = {"x": x, "y": y, "method": method, "n": len(pair), "status": "no data"}
            if len(pair) < max(min_rows, 3):
                row["note"] = f"{len(pair)} complete rows, {max(min_rows, 3)} needed"
            elif constant:
                row["note"] = f"constant: {', '.join(constant)}"
            else:
                found = measure(pair[x].to_numpy(), pair[y].to_numpy())
                r = float(np.clip(found.statistic, -1, 1))
                low, high = _interval(r, len(pair))
                row |= {
                    "status": "fitted",
                    "note": "",
                    "r": round(r, _DIGITS),
                    "p_value": round(float(found.pvalue), _DIGITS),
                    "low": low,
                    "high": high,
                }
            rows.append(row)
    columns = ["x", "y", "method", "r", "n", "p_value", "low", "high", "status", "note"]
    table = pd.DataFrame(rows, columns=columns)
    table[["r", "p_value", "low", "high"]] = table[["r", "p_value", "low", "high"]].astype(float)
    return table


def _interval(r: float, n: int) -> tuple[float, float]:
    if n < 4:
        return float("nan"), float("nan")
    if abs(r) > 1 - 1e-12:
        return round(r, _DIGITS), round(r, _DIGITS)
    half = 1.959963985 / np.sqrt(n - 3)
    return tuple(round(float(np.tanh(np.arctanh(r) + side * half)), _DIGITS) for side in (-1, 1))
