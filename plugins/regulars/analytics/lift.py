"""What a campaign brought: treated against control, with CUPED, or stores by before and after.

CUPED after Deng, Xu, Kohavi and Walker (2013), "Improving the sensitivity of online controlled
experiments by utilizing pre-experiment data"; intervals after Welch; difference in differences on
the changes of whole stores, so that days of one store do not count as independent.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.stats.power import normal_power
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

MEASURED, UNCONTROLLED = "measured", "uncontrolled"
CUPED, DIFFERENCES = "control group, CUPED", "difference in differences"

_DIGITS = 6
_COLUMNS = {
    **dict.fromkeys(["campaign_id", "measure", "baseline", "status", "note"], "string"),
    **dict.fromkeys(["n_treated", "n_control"], "int64"),
    **dict.fromkeys(
        [
            "mean_treated",
            "mean_control",
            "plain_effect",
            "plain_standard_error",
            "effect",
            "standard_error",
            "effect_low",
            "effect_high",
            "p_value",
            "theta",
            "before_difference",
            "detectable_before",
            "detectable_after",
            "power_before",
            "power_after",
        ],
        "float64",
    ),
}


@dataclass(frozen=True)
class Rules:
    """How sure one wants to be.

    Attributes:
        alpha: share of campaigns without an effect that may be called effective, 0 to 1.
        power: chance of seeing an effect of the detectable size, 0 to 1.
        min_units: fewest customers of either group.
        min_stores: fewest stores of either group.
    """

    alpha: float
    power: float
    min_units: int
    min_stores: int


def estimate_lifts(outcomes: pd.DataFrame, measures: list[str], rules: Rules) -> pd.DataFrame:
    """Compare the treated with the untreated of every campaign.

    Args:
        outcomes: one row per campaign and unit: campaign_id, design (``customers`` or ``stores``),
            is_treated, expected_lift (effect hoped for as a share of the mean before), and per
            measure ``<measure>_before`` and ``<measure>_during``, both over equally many days.
        measures: names of the measures; money in one currency, or 0 and 1.
        rules: how sure one wants to be.

    Returns:
        One row per campaign and measure, in the order of their names: baseline (the comparison
        made, missing where there is none), status (``measured`` or ``uncontrolled``) and note (why
        not); n_treated, n_control; mean_treated, mean_control over the campaign; per unit and in
        the measure's unit plain_effect and effect (with CUPED, or of the changes) with standard
        errors, effect_low and effect_high (interval of 1 - alpha), p_value; theta of CUPED;
        before_difference (treated less control before it began: near 0 where the groups were
        alike); detectable_before and detectable_after (smallest effect seen with the wanted power,
        by the spread before, and by what was measured), power_before and power_after of the
        expected lift. What is not known is missing, never 0.
    """
    rows = [
        {"campaign_id": campaign, "measure": measure, **_compare(units, measure, rules)}
        for campaign, units in outcomes.groupby("campaign_id", sort=True)
        for measure in measures
    ]
    table = pd.DataFrame(rows, columns=list(_COLUMNS)).astype(_COLUMNS)
    # The last digits depend on the order of sums.
    numbers = table.select_dtypes("float64").columns
    return table.assign(**{name: table[name].round(_DIGITS) for name in numbers})


def _compare(units: pd.DataFrame, measure: str, rules: Rules) -> dict:
    by_stores = units["design"].iloc[0] == "stores"
    before = units[f"{measure}_before"].to_numpy(float)
    during = units[f"{measure}_during"].to_numpy(float)
    treated = units["is_treated"].to_numpy(bool)
    sizes = {"n_treated": int(treated.sum()), "n_control": int((~treated).sum())}
    known = np.isfinite(before) & np.isfinite(during)
    if not known.all():
        note = f"{measure} is not known of every unit"
        return {**sizes, "status": UNCONTROLLED, "note": note}
    fewest = rules.min_stores if by_stores else rules.min_units
    if min(sizes.values()) < max(fewest, 2):
        kind = "stores" if by_stores else "customers"
        note = (
            f"{sizes['n_treated']} {kind} reached and {sizes['n_control']} not,"
            f" {max(fewest, 2)} of each needed"
        )
        return {**sizes, "status": UNCONTROLLED, "note": note}
    theta = 1.0 if by_stores else _theta(before, during, treated)
    plain = _means(during, treated)
    adjusted = _means(during - theta * before, treated)
    error = adjusted.error
    # Spread before the campaign, as it could be known when the groups were drawn.
    error_before = _means(before, treated).error
    hoped = abs(float(units["expected_lift"].iloc[0]) * before.mean())
    needed = stats.norm.ppf(1 - rules.alpha / 2) + stats.norm.ppf(rules.power)
    return {
        **sizes,
        "status": MEASURED,
        "baseline": DIFFERENCES if by_stores else CUPED,
        "note": "" if theta else "all had the same before: nothing to adjust by",
        "mean_treated": during[treated].mean(),
        "mean_control": during[~treated].mean(),
        "plain_effect": plain.difference,
        "plain_standard_error": plain.error,
        "effect": adjusted.difference,
        "standard_error": error,
        **adjusted.verdict(rules.alpha),
        "theta": theta,
        "before_difference": before[treated].mean() - before[~treated].mean(),
        "detectable_before": needed * error_before if error_before > 0 else None,
        "detectable_after": needed * error if error > 0 else None,
        "power_before": _power(hoped, error_before, rules.alpha),
        "power_after": _power(hoped, error, rules.alpha),
    }


def _theta(before: np.ndarray, during: np.ndarray, treated: np.ndarray) -> float:
    """Slope of the outcome on the time before, within the groups; 0 where nothing differed."""
    inside = np.where(treated, before[treated].mean(), before[~treated].mean())
    centred = before - inside
    spread = float((centred**2).sum())
    if spread <= 1e-12 * max(1.0, float((before**2).sum())):
        return 0.0
    return float((centred * during).sum()) / spread


class _Means:
    """Two means compared without taking their spreads for equal, after Welch."""

    def __init__(self, ours: np.ndarray, theirs: np.ndarray) -> None:
        self._compared = CompareMeans(DescrStatsW(ours), DescrStatsW(theirs))
        self.difference = float(ours.mean() - theirs.mean())
        largest = max(1.0, float(np.abs(ours).max()), float(np.abs(theirs).max()))
        error = float(self._compared.std_meandiff_separatevar)
        # Sums of equal numbers leave dust behind that is no spread.
        self.error = error if error > 1e-9 * largest else 0.0

    def verdict(self, alpha: float) -> dict:
        """Interval of 1 - alpha and p-value; without spread the difference is all there is."""
        low = high = self.difference
        p_value = None
        if self.error > 0:
            low, high = self._compared.tconfint_diff(alpha=alpha, usevar="unequal")
            _, p_value, _ = self._compared.ttest_ind(usevar="unequal")
        return {"effect_low": low, "effect_high": high, "p_value": p_value}


def _means(values: np.ndarray, treated: np.ndarray) -> _Means:
    return _Means(values[treated], values[~treated])


def _power(effect: float, error: float, alpha: float) -> float | None:
    """Chance that an effect of this size is told from none; None where nothing is known."""
    if error <= 0 or effect <= 0:
        return None
    return float(normal_power(effect / error, 1, alpha))
