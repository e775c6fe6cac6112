"""Customer lifetime value: how often customers buy, when they stop, and what a purchase is worth.

BG/NBD: Fader, Hardie and Lee (2005), "Counting your customers" the easy way. Pareto/NBD:
Schmittlein, Morrison and Colombo (1987) in the form of Fader and Hardie (2005). Gamma-gamma:
Fader, Hardie and Lee (2005), RFM and CLV.

A history is (x, t_x, age): repeat purchases, time from the first purchase to the last one, time
from the first purchase to the end of the observation, in one unit of time of the caller's choice.
Equal histories are counted once, with their number as weight; the fits are maximum likelihood over
these weighted states and, but for rounding, the same in whatever order the rows come.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import digamma, gammaln, hyp2f1

Array = np.ndarray

# Logarithms of parameters stay within these bounds, so that data without spread cannot run away.
_BOUND = 14.0
_NEAR_ONE = 1e-6
# Loss of a customer where the likelihood cannot be computed.
_UNLIKELY = 1e6


@dataclass(frozen=True)
class States:
    """Distinct histories and how many customers have each; arrays of one length."""

    x: Array
    t_x: Array
    age: Array
    weight: Array

    @property
    def customers(self) -> float:
        """Number of customers."""
        return float(self.weight.sum())


@dataclass(frozen=True)
class BgNbd:
    """A fitted BG/NBD: rates gamma(r, alpha), dropout after a purchase beta(a, b)."""

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float
    converged: bool


@dataclass(frozen=True)
class ParetoNbd:
    """A fitted Pareto/NBD: rates gamma(r, alpha), dropout rates gamma(s, beta)."""

    r: float
    alpha: float
    s: float
    beta: float
    log_likelihood: float
    converged: bool


@dataclass(frozen=True)
class GammaGamma:
    """A fitted gamma-gamma: spend gamma(p, nu), nu between customers gamma(q, v)."""

    p: float
    q: float
    v: float
    log_likelihood: float
    converged: bool


def compress(x: Array, t_x: Array, age: Array) -> tuple[States, Array]:
    """Distinct histories, and for each customer the index of theirs.

    Raises:
        ValueError: a history is impossible (negative, or t_x beyond age).
    """
    x, t_x, age = (np.asarray(column, dtype=float) for column in (x, t_x, age))
    if np.any(x < 0) or np.any(t_x < 0) or np.any(t_x > age):
        raise ValueError("a history needs 0 <= x and 0 <= t_x <= age")
    if not len(x):
        return States(x, t_x, age, x), np.zeros(0, dtype=int)
    order = np.lexsort((age, t_x, x))
    rows = np.column_stack([x, t_x, age])[order]
    starts = np.r_[True, np.any(rows[1:] != rows[:-1], axis=1)]
    state = np.empty(len(x), dtype=int)
    state[order] = np.cumsum(starts) - 1
    rows = rows[starts]
    weight = np.bincount(state).astype(float)
    return States(rows[:, 0], rows[:, 1], rows[:, 2], weight), state


def fit_bg_nbd(states: States) -> BgNbd:
    """Maximum likelihood of r, alpha, a, b, with the analytic gradient.

    Raises:
        ValueError: there is no customer, or nobody ever bought again.
    """
    if not np.any(states.x > 0):
        raise ValueError("a fit needs customers with repeat purchases")
    # What depends on one of x, t_x and age alone is computed once per distinct value.
    xs, at_x = np.unique(states.x, return_inverse=True)
    ts, at_t = np.unique(states.t_x, return_inverse=True)
    ages, at_age = np.unique(states.age, return_inverse=True)
    x, weight, again = states.x, states.weight, states.x > 0
    before = np.where(again, x - 1, 1.0)

    def loss(logs: Array) -> tuple[float, Array]:
        r, alpha, a, b = np.exp(logs)
        log_age, log_t = np.log(alpha + ages)[at_age], np.log(alpha + ts)[at_t]
        counts = (
            gammaln(r + xs) - gammaln(r) + gammaln(a + b) + gammaln(b + xs)
            - gammaln(b) - gammaln(a + b + xs)
        )  # fmt: skip
        alive = -(r + x) * log_age
        gone = np.where(again, np.log(a) - np.log(b + before) - (r + x) * log_t, -np.inf)
        both = np.logaddexp(alive, gone)
        total = weight @ (counts[at_x] + r * np.log(alpha) + both)
        w_gone = np.exp(gone - both)
        w_alive = 1 - w_gone
        d_r = (digamma(r + xs) - digamma(r))[at_x] + np.log(alpha)
        d_r = d_r - w_alive * log_age - w_gone * log_t
        d_alpha = r / alpha - (r + x) * (
            w_alive * (1 / (alpha + ages))[at_age] + w_gone * (1 / (alpha + ts))[at_t]
        )
        shared = digamma(a + b) - digamma(a + b + xs)
        d_a = shared[at_x] + w_gone / a
        d_b = (shared + digamma(b + xs) - digamma(b))[at_x] - w_gone / (b + before)
        slope = np.array([weight @ d for d in (d_r, d_alpha, d_a, d_b)]) * np.exp(logs)
        return -total, -slope

    start = np.log([1.0, max(float(np.average(states.age, weights=weight)) / 4, 1e-3), 1.0, 3.0])
    found, log_likelihood, converged = _maximise(loss, start, states.customers)
    return BgNbd(*found, log_likelihood, converged)


def fit_pareto_nbd(states: States) -> ParetoNbd:
    """Maximum likelihood of r, alpha, s, beta; the gradient is numerical, so keep states few.

    Raises:
        ValueError: there is no customer, or nobody ever bought again.
    """
    if not np.any(states.x > 0):
        raise ValueError("a fit needs customers with repeat purchases")
    x, weight = states.x, states.weight
    parts_of = _alive_and_gone(states)

    def loss(logs: Array) -> float:
        r, alpha, s, beta = np.exp(logs)
        each = gammaln(r + x) - gammaln(r) + r * np.log(alpha) + s * np.log(beta)
        parts = parts_of(r, alpha, s, beta)
        with np.errstate(invalid="ignore"):
            value = -float(weight @ (each + np.logaddexp(*parts)))
        return value if np.isfinite(value) else _UNLIKELY * states.customers

    typical = max(float(np.average(states.age, weights=weight)) / 3, 1e-3)
    start = np.log([1.0, typical, 1.0, typical])
    found, log_likelihood, converged = _maximise(_with_slope(loss), start, states.customers)
    return ParetoNbd(*found, log_likelihood, converged)


def fit_gamma_gamma(purchases: Array, mean_spend: Array) -> GammaGamma:
    """Maximum likelihood of p, q, v over customers.

    Args:
        purchases: number of purchases that ``mean_spend`` is the mean of, above 0.
        mean_spend: above 0, in any currency; v comes out in it.

    Raises:
        ValueError: fewer than two customers, or a number is not above 0.
    """
    x, mean = np.asarray(purchases, dtype=float), np.asarray(mean_spend, dtype=float)
    if len(x) < 2 or np.any(x <= 0) or np.any(mean <= 0):
        raise ValueError("a fit needs at least two customers with purchases and spend above 0")
    xs, at_x = np.unique(x, return_inverse=True)
    log_x, log_mean = np.log(x), np.log(mean)

    def loss(logs: Array) -> tuple[float, Array]:
        p, q, v = np.exp(logs)
        log_rate = np.log(x * mean + v)
        counts = (gammaln(p * xs + q) - gammaln(p * xs))[at_x] - gammaln(q) + q * np.log(v)
        total = counts + (p * x - 1) * log_mean + p * x * log_x - (p * x + q) * log_rate
        steps = digamma(p * xs + q)
        d_p = x * ((steps - digamma(p * xs))[at_x] + log_mean + log_x - log_rate)
        d_q = steps[at_x] - digamma(q) + np.log(v) - log_rate
        d_v = q / v - (p * x + q) / (x * mean + v)
        slope = np.array([d.sum() for d in (d_p, d_q, d_v)]) * np.exp(logs)
        return -float(total.sum()), -slope

    start = np.log([2.0, 3.0, float(mean.mean())])
    found, log_likelihood, converged = _maximise(loss, start, len(x))
    return GammaGamma(*found, log_likelihood, converged)


def probability_alive(model: BgNbd, states: States) -> Array:
    """Probability that the customer of each state will ever buy again."""
    r, alpha, a, b = model.r, model.alpha, model.a, model.b
    again = states.x > 0
    before = np.where(again, states.x - 1, 1.0)
    logs = np.log(a) - np.log(b + before)
    logs = logs + (r + states.x) * np.log((alpha + states.age) / (alpha + states.t_x))
    return np.where(again, 1 / (1 + np.exp(np.minimum(logs, 700))), 1.0)


def probability_silent(model: BgNbd, states: States, horizon: float) -> Array:
    """Probability that the customer of each state buys nothing within ``horizon``."""
    alive = probability_alive(model, states)
    ages = model.alpha + states.age
    return 1 - alive + alive * (ages / (ages + horizon)) ** (model.r + states.x)


def median_wait(model: BgNbd, states: States) -> Array:
    """Time within which a customer who is alive buys with probability one half."""
    ages = model.alpha + states.age
    return ages * np.expm1(np.log(2) / (model.r + states.x))


def expected_purchases(model: BgNbd, states: States, horizon: float) -> Array:
    """Purchases expected within ``horizon`` from now, given each state.

    Euler's transformation keeps the hypergeometric function within small parameters.
    """
    # The formula has a removable gap at a = 1.
    a = 1 + _NEAR_ONE if abs(model.a - 1) < _NEAR_ONE else model.a
    r, alpha, b, x = model.r, model.alpha, model.b, states.x
    ages = alpha + states.age
    z = horizon / (ages + horizon)
    shape = (1 - z) ** (a - 1) * hyp2f1(a + b - 1 - r, a - 1, a + b + x - 1, z)
    return probability_alive(model, states) * (a + b + x - 1) / (a - 1) * (1 - shape)


def expected_purchases_pareto(model: ParetoNbd, states: States, horizon: float) -> Array:
    """As ``expected_purchases``, by the Pareto/NBD."""
    # The formula has a removable gap at s = 1.
    s = 1 + _NEAR_ONE if abs(model.s - 1) < _NEAR_ONE else model.s
    logs = _alive_and_gone(states)(model.r, model.alpha, s, model.beta)
    alive = np.exp(logs[0] - np.logaddexp(*logs))
    ages = model.beta + states.age
    rate = (model.r + states.x) / (model.alpha + states.age)
    return alive * rate * ages / (s - 1) * (1 - (ages / (ages + horizon)) ** (s - 1))


def expected_spend(model: GammaGamma, purchases: Array, mean_spend: Array) -> Array:
    """Spend expected per purchase; the population's mean where a customer has none (mean nan).

    The population has a mean only where q is above 1; below it the customer's own mean is kept.
    """
    x = np.nan_to_num(np.asarray(purchases, dtype=float))
    mean = np.asarray(mean_spend, dtype=float)
    own = np.where(np.isfinite(mean), x * mean, 0.0)
    divisor = model.p * np.where(np.isfinite(mean), x, 0.0) + model.q - 1
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(divisor > 0, model.p * (model.v + own) / divisor, mean)


def every_kth(states: States, at_most: int) -> States:
    """Every k-th customer in the order of the states, so that at most ``at_most`` remain."""
    step = int(np.ceil(states.customers / max(at_most, 1)))
    if step <= 1:
        return states
    until = np.cumsum(states.weight)
    weight = np.floor(until / step) - np.floor((until - states.weight) / step)
    kept = weight > 0
    return States(states.x[kept], states.t_x[kept], states.age[kept], weight[kept])


def _alive_and_gone(
    states: States,
) -> Callable[[float, float, float, float], tuple[Array, Array]]:
    """Of r, alpha, s, beta: logarithms of the two parts of the Pareto/NBD likelihood that differ by
    being alive.
    """
    x, t_x, age = states.x, states.t_x, states.age
    # The function is dear and knows x and one time: it is computed once per distinct pair of them.
    pairs = [
        np.unique(np.column_stack([x, time]), axis=0, return_inverse=True) for time in (t_x, age)
    ]

    def parts(r: float, alpha: float, s: float, beta: float) -> tuple[Array, Array]:
        larger = max(alpha, beta)

        def part(pair: Array, at: Array) -> Array:
            total, time = r + s + pair[:, 0], pair[:, 1]
            inner = s + 1 if alpha >= beta else r + pair[:, 0]
            z = abs(alpha - beta) / (larger + time)
            value = np.log(hyp2f1(total, inner, total + 1, z)) - total * np.log(larger + time)
            return value[at]

        early, late = (part(*pair) for pair in pairs)
        # Far from the data the function overflows; the search turns back where it is not a number.
        with np.errstate(divide="ignore", invalid="ignore"):
            # No time between the last purchase and the end: the second part is exactly 0.
            gap = np.where(age > t_x, -np.expm1(np.minimum(late - early, 0)), 0)
            gone = np.log(s / (r + s + x)) + early + np.log(gap)
        return -(r + x) * np.log(alpha + age) - s * np.log(beta + age), gone

    return parts


def _maximise(
    loss: Callable[[Array], tuple[float, Array]], start: Array, size: float
) -> tuple[list[float], float, bool]:
    """Parameters, log-likelihood, and whether the search ended inside the bounds."""

    def scaled(logs: Array) -> tuple[float, Array]:
        value, slope = loss(logs)
        return value / size, slope / size

    done = minimize(
        scaled,
        start,
        jac=True,
        method="L-BFGS-B",
        bounds=[(-_BOUND, _BOUND)] * len(start),
        options={"ftol": 1e-15, "gtol": 1e-9, "maxiter": 1000, "maxfun": 5000},
    )
    _, slope = scaled(done.x)
    inside = bool(np.all(np.abs(done.x) < _BOUND - 1e-6))
    converged = inside and bool(np.all(np.isfinite(slope))) and float(np.abs(slope).max()) < 1e-4
    return [float(value) for value in np.exp(done.x)], -float(done.fun) * size, converged


def _with_slope(loss: Callable[[Array], float]) -> Callable[[Array], tuple[float, Array]]:
    """The loss and its central differences."""
    step = 1e-5

    def both(logs: Array) -> tuple[float, Array]:
        slope = [
            (loss(logs + step * unit) - loss(logs - step * unit)) / (2 * step)
            for unit in np.eye(len(logs))
        ]
        return loss(logs), np.array(slope)

    return both
