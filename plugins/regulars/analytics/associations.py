"""How far two traits of customers go together: Cramér's V and where they meet most."""

import numpy as np
import pandas as pd
from scipy.stats import chi2_contingency

FITTED, NO_DATA = "fitted", "no data"

_DIGITS = 6
_COLUMNS = {
    **dict.fromkeys(["need", "behaviour"], "string"),
    "n": "int64",
    **dict.fromkeys(["cramers_v", "chi_square", "degrees_of_freedom", "p_value"], "float64"),
    **dict.fromkeys(["need_value", "behaviour_value"], "string"),
    **dict.fromkeys(["customers", "lift", "error_share", "naive_error_share"], "float64"),
    **dict.fromkeys(["status", "note"], "string"),
}


def measure_associations(
    values: pd.DataFrame, needs: list[str], behaviours: list[str], *, min_rows: int
) -> pd.DataFrame:
    """Compare every need with every behaviour.

    Args:
        values: one row per customer, a column of labels per need and behaviour; a customer for whom
            either is missing is left out of the pair.
        needs: names of columns of what customers are and want.
        behaviours: names of columns of what they do.
        min_rows: a pair with fewer customers is no data.

    Returns:
        One row per pair: need, behaviour, n, cramers_v (0 apart to 1 together), chi_square,
        degrees_of_freedom, p_value; need_value and behaviour_value of the cell that stands out
        most (greatest standardised residual, of equals the first by name), customers in it, lift
        (customers over those expected if the two had nothing to do with each other);
        error_share of customers whose behaviour is not the usual one of their need,
        naive_error_share of those whose is not the usual one of all; status and note. The
        figures of a pair that is not ``fitted`` are missing, and its note says why.
    """
    rows = [_pair(values, need, behaviour, min_rows) for need in needs for behaviour in behaviours]
    return pd.DataFrame(rows, columns=list(_COLUMNS)).astype(_COLUMNS)


def _pair(values: pd.DataFrame, need: str, behaviour: str, min_rows: int) -> dict:
    known = values[[need, behaviour]].dropna()
    row = {"need": need, "behaviour": behaviour, "n": len(known)}
    if len(known) < min_rows:
        note = f"{len(known)} customers, {min_rows} needed"
        return row | {"status": NO_DATA, "note": note}
    counts = pd.crosstab(known[need], known[behaviour]).sort_index().sort_index(axis=1)
    if min(counts.shape) < 2:
        return row | {"status": NO_DATA, "note": "one of the two is the same for all"}
    test = chi2_contingency(counts.to_numpy(), correction=False)
    expected = test.expected_freq
    residuals = ((counts.to_numpy() - expected) / np.sqrt(expected)).round(_DIGITS)
    place = np.unravel_index(residuals.argmax(), residuals.shape)
    few = int((expected < 5).sum())
    return row | {
        "cramers_v": round(
            float(np.sqrt(test.statistic / (len(known) * (min(counts.shape) - 1)))), _DIGITS
        ),
        "chi_square": round(float(test.statistic), _DIGITS),
        "degrees_of_freedom": float(test.dof),
        "p_value": round(float(test.pvalue), _DIGITS),
        "need_value": str(counts.index[place[0]]),
        "behaviour_value": str(counts.columns[place[1]]),
        "customers": float(counts.to_numpy()[place]),
        "lift": round(float(counts.to_numpy()[place] / expected[place]), _DIGITS),
        "error_share": round(1 - float(counts.max(axis=1).sum()) / len(known), _DIGITS),
        "naive_error_share": round(1 - float(counts.sum().max()) / len(known), _DIGITS),
        "status": FITTED,
        "note": f"{few} of {expected.size} cells expect fewer than 5 customers" if few else "",
    }
