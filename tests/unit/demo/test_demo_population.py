"""The purchase process: its parameters must come back out of the receipts."""

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize
from scipy.special import betaln, gammaln

OBSERVED_TO = pd.Timestamp("2015-01-01")


@pytest.fixture(scope="module")
def members(chain, lines):
    """Per person of the process: visits, days from first to last and to the end, mean spend."""
    person = {pair["also"]: pair["customer_id"] for pair in chain.truth["second_cards"]}
    sold = lines[lines["customer_id"].notna() & lines["refund_of"].isna()]
    sold = sold[~sold["customer_id"].isin(chain.truth["house_regulars"])]
    visits = sold.groupby([sold["customer_id"].replace(person), "day"])["fen"].sum() / 100
    visits = visits.rename("spend").reset_index()
    life = visits.groupby("customer_id").agg(
        visits=("day", "size"), first=("day", "min"), last=("day", "max"), spend=("spend", "mean")
    )
    life["until_last"] = (life["last"] - life["first"]).dt.days.astype(float)
    life["until_end"] = (OBSERVED_TO - life["first"]).dt.days.astype(float)
    return life


def maximise(log_likelihood, start):
    fit = minimize(lambda logs: -log_likelihood(*np.exp(logs)), np.log(start), method="L-BFGS-B")
    return np.exp(fit.x)


def test_bg_nbd_parameters_are_recovered(chain, members):
    repeats = members["visits"].to_numpy() - 1.0
    last, end = members["until_last"].to_numpy(), members["until_end"].to_numpy()

    def log_likelihood(r, alpha, a, b):
        common = gammaln(r + repeats) - gammaln(r) + r * np.log(alpha)
        alive = betaln(a, b + repeats) - betaln(a, b) - (r + repeats) * np.log(alpha + end)
        gone = (
            betaln(a + 1, b + np.maximum(repeats, 1) - 1)
            - betaln(a, b)
            - (r + repeats) * np.log(alpha + last)
        )
        gone = np.where(repeats > 0, gone, -np.inf)
        return (common + np.logaddexp(alive, gone)).mean()

    truth = chain.truth["parameters"]
    fitted = maximise(log_likelihood, [1.0, 30.0, 1.0, 8.0])
    assert fitted / [truth[name] for name in ("r", "alpha", "a", "b")] == pytest.approx(1, abs=0.1)


def test_gamma_gamma_parameters_are_recovered(chain, members):
    visits, spend = members["visits"].to_numpy(float), members["spend"].to_numpy()

    def log_likelihood(p, q, v):
        px = p * visits
        return (
            gammaln(px + q) - gammaln(px) - gammaln(q) + q * np.log(v)
            + (px - 1) * np.log(spend) + px * np.log(visits) - (px + q) * np.log(v + visits * spend)
        ).mean()  # fmt: skip

    truth = chain.truth["parameters"]
    fitted = maximise(log_likelihood, [2.0, 5.0, 50.0])
    assert fitted / [truth[name] for name in ("p", "q", "v")] == pytest.approx(1, abs=0.1)


def test_everyone_of_the_process_is_there_and_spend_is_independent_of_frequency(members):
    assert len(members) == 4_000
    often = members[members["visits"] >= 5]
    assert abs(np.corrcoef(often["visits"], often["spend"])[0, 1]) < 0.05


def test_house_regulars_are_marked(chain, lines):
    spend = lines.groupby(["customer_id", "year"])["fen"].sum().unstack("year").fillna(0)
    planted = spend.loc[chain.truth["house_regulars"]]

    assert 5 <= len(planted) <= 40
    assert ((planted >= 350_000).sum(axis=0) >= 2).all()


def test_weekends_are_busy(lines):
    sold = lines[lines["customer_id"].notna()]
    per_weekday = sold.groupby(sold["day"].dt.day_of_week).size()
    assert per_weekday[5] > 1.3 * per_weekday[0]
