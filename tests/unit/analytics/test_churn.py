"""Churn risk on customers whose risk is known because it was drawn."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from regulars.analytics import churn, register

AS_OF = date(2014, 12, 31)


def signals(customers: int = 1500, seed: int = 3) -> pd.DataFrame:
    """Customers of three moments; silence of long standing makes silence, with known odds."""
    rng = np.random.default_rng(seed)
    parts = []
    for moment in ("train", "test", "now"):
        silence = rng.integers(0, 365, customers)
        odds = -3 + 0.8 * np.log1p(silence)
        complaint = rng.random(customers) < 0.1
        fell = rng.random(customers) < 1 / (1 + np.exp(-(odds + 1.5 * complaint)))
        parts.append(
            pd.DataFrame(
                {
                    "moment": moment,
                    "customer_id": [f"M{n:05d}" for n in range(customers)],
                    "tenure_days": 400,
                    "days_since_purchase": silence,
                    "purchase_days": rng.integers(1, 30, customers),
                    "gap_ratio": np.where(rng.random(customers) < 0.3, np.nan, 1.0),
                    "receipts_recent": 2,
                    "receipts_earlier": 2,
                    "has_low_csat": False,
                    "has_open_complaint": complaint,
                    "has_fallen_silent": pd.array(
                        fell if moment != "now" else [None] * customers, dtype="boolean"
                    ),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


@pytest.fixture(scope="module")
def known() -> pd.DataFrame:
    return signals()


@pytest.fixture(scope="module")
def table(known) -> pd.DataFrame:
    return churn.fit_and_test(known, AS_OF, fewest=50)


@pytest.mark.requirement("CHURN-05", "C360-13")
def test_backtest_beats_the_naive_forecast(table):
    used = table[table.model_name == "churn_risk"].iloc[0]
    print(f"\nBrier score {used.error_value}, naive {used.naive_error_value}")
    assert used.status == "fitted"
    assert used.n_observations == 3000
    assert used.error_value < 0.9 * used.naive_error_value


@pytest.mark.requirement("CHURN-05")
def test_probabilities_are_calibrated_on_customers_not_seen(known, table):
    scores = churn.score(known, table)
    test = scores[scores.moment == "test"].set_index("customer_id").churn_probability
    fell = known[known.moment == "test"].set_index("customer_id").has_fallen_silent.astype(float)
    for low, high in ((0.2, 0.5), (0.5, 0.8), (0.8, 1.0)):
        inside = test[(test >= low) & (test < high)].index
        assert fell[inside].mean() == pytest.approx(test[inside].mean(), abs=0.06)


@pytest.mark.requirement("CHURN-05")
def test_drivers_name_what_raises_the_risk(known, table):
    scores = churn.score(known, table)
    now = scores[scores.moment == "now"].set_index("customer_id")
    facts = known[known.moment == "now"].set_index("customer_id")
    complaining = facts.index[facts.has_open_complaint]
    assert now.model_drivers[complaining].str.contains("complaint not yet solved").all()
    fresh = facts.index[(facts.days_since_purchase < 5) & ~facts.has_open_complaint]
    assert not now.model_drivers[fresh].fillna("").str.contains("long silence").any()
    silent = facts.index[(facts.days_since_purchase > 300) & ~facts.has_open_complaint]
    assert now.model_drivers[silent].str.startswith("long silence").all()


@pytest.mark.requirement("C360-13")
def test_what_comes_later_changes_no_model_of_the_past(known, table):
    """Other outcomes of the newer moment leave the model of the older one as it is."""
    changed = known.copy()
    newer = changed.moment == "test"
    changed.loc[newer, "has_fallen_silent"] = ~changed.loc[newer, "has_fallen_silent"]
    again = churn.fit_and_test(changed, AS_OF, fewest=50)
    name = "churn_risk_backtest"
    assert register.parameters_of(again, name) == register.parameters_of(table, name)


def test_order_of_rows_does_not_matter(known, table):
    turned = known.iloc[::-1].reset_index(drop=True)
    pd.testing.assert_frame_equal(churn.fit_and_test(turned, AS_OF, fewest=50), table)
    pd.testing.assert_frame_equal(churn.score(turned, table), churn.score(known, table))


def test_too_few_customers_are_no_data():
    few = signals(customers=20)
    table = churn.fit_and_test(few, AS_OF, fewest=50)
    assert table.status.tolist() == ["no data", "no data"]
    assert table.note.str.startswith("fewer than 50").all()
    assert churn.score(few, table).empty


def test_one_outcome_is_no_data(known):
    all_bought = known.copy()
    all_bought.loc[all_bought.moment != "now", "has_fallen_silent"] = False
    assert set(churn.fit_and_test(all_bought, AS_OF, fewest=50).status) == {"no data"}
