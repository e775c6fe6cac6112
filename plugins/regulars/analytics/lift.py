"""What a campaign brought: treated against control, with CUPED, or stores by before and after.

CUPED after Deng, Xu, Kohavi and Walker (2013), "Improving the sensitivity of online controlled
experiments by utilizing pre-experiment data"; intervals after Welch; difference in differences on
the changes of whole stores, so that days of one store do not count as independent.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

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
    plain, plain_error, _ = _welch(during, treated)
    effect, error, freedom = _welch(during - theta * before, treated)
    reach = stats.t.ppf(1 - rules.alpha / 2, freedom) if error > 0 else 0.0
    # Spread before the campaign, as it could be known when the groups were drawn.
    _, error_before, _ = _welch(before, treated)
    hoped = abs(float(units["expected_lift"].iloc[0]) * before.mean())
    needed = stats.norm.ppf(1 - rules.alpha / 2) + stats.norm.ppf(rules.power)
    return {
        **sizes,
        "status": MEASURED,
        "baseline": DIFFERENCES if by_stores else CUPED,
        "note": "" if theta else "all had the same before: nothing to adjust by",
        "mean_treated": during[treated].mean(),
        "mean_control": during[~treated].mean(),
        "plain_effect": plain,
        "plain_standard_error": plain_error,
        "effect": effect,
        "standard_error": error,
        "effect_low": effect - reach * error,
        "effect_high": effect + reach * error,
        "p_value": 2 * stats.t.sf(abs(effect) / error, freedom) if error > 0 else None,
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


def _welch(values: np.ndarray, treated: np.ndarray) -> tuple[float, float, float]:
    """Difference of the means, its standard error and degrees of freedom."""
    ours, theirs = values[treated], values[~treated]
    parts = ours.var(ddof=1) / len(ours), theirs.var(ddof=1) / len(theirs)
    total = float(sum(parts))
    # Sums of equal numbers leave dust behind that is no spread.
    if total <= 1e-18 * max(1.0, float((values**2).max())):
        return float(ours.mean() - theirs.mean()), 0.0, 1.0
    freedom = total**2 / (parts[0] ** 2 / (len(ours) - 1) + parts[1] ** 2 / (len(theirs) - 1))
    return float(ours.mean() - theirs.mean()), total**0.5, float(freedom)


def _power(effect: float, error: float, alpha: float) -> float | None:
    """Chance that an effect of this size is told from none; None where nothing is known."""
    if error <= 0 or effect <= 0:
        return None
    limit = stats.norm.ppf(1 - alpha / 2)
    return float(stats.norm.sf(limit - effect / error) + stats.norm.cdf(-limit - effect / error))
