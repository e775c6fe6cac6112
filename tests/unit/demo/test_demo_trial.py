"""The campaign of known effect: only its audience buys more, and the estimate finds how much."""

import numpy as np
import pandas as pd
import pyarrow.compute as pc
import pytest
from scipy import stats

from regulars.analytics.lift import Rules, estimate_lifts
from regulars.demo import simulate, trial

RULES = Rules(alpha=0.05, power=0.8, min_units=10, min_stores=3)
BEGIN = pd.Timestamp(trial.START)
DAYS = pd.Timedelta(days=trial.LASTS)


@pytest.fixture(scope="module")
def audience(chain, lines) -> pd.DataFrame:
    """Spend of each card of the audience in as many days before and during, told by pandas."""
    members = chain.tables["customers"].to_pandas().set_index("customer_id")
    contacts = chain.tables["ref_interactions"].to_pandas()
    reached = set(contacts.loc[contacts["campaign_id"] == trial.CAMPAIGN, "customer_id"])
    sold = lines.assign(spend=lines["fen"] / 100)
    before = sold[(sold["day"] >= BEGIN - DAYS) & (sold["day"] < BEGIN)]
    during = sold[(sold["day"] >= BEGIN) & (sold["day"] < BEGIN + DAYS)]
    buyers = sold.loc[(sold["day"] < BEGIN), "customer_id"].dropna().unique()
    buyers = [one for one in sorted(buyers) if members.at[one, "consent_marketing"]]
    return pd.DataFrame(
        {
            "campaign_id": trial.CAMPAIGN,
            "design": "customers",
            "is_treated": [one in reached for one in buyers],
            "expected_lift": 0.15,
            "spend_before": before.groupby("customer_id")["spend"].sum().reindex(buyers).fillna(0),
            "spend_during": during.groupby("customer_id")["spend"].sum().reindex(buyers).fillna(0),
        },
        index=buyers,
    )


@pytest.mark.requirement("MKT-07")
def test_the_estimate_covers_the_true_lift_and_cuped_narrows_it(chain, audience):
    known = chain.truth["campaign"]
    assert abs(audience["is_treated"].sum() - known["contacted"]) <= len(
        chain.truth["second_cards"]
    )
    assert float(known["lift"]) == pytest.approx(
        float(known["net_amount"]) / known["contacted"], abs=1e-4
    )
    (found,) = estimate_lifts(audience, ["spend"], RULES).to_dict("records")
    assert found["effect_low"] <= float(known["lift"]) <= found["effect_high"]
    assert found["standard_error"] < 0.95 * found["plain_standard_error"]
    # It is told from none: the interval leaves 0 out.
    assert found["effect_low"] > 0


@pytest.mark.requirement("MKT-07")
def test_groups_drawn_again_show_no_effect_at_the_stated_rate(audience):
    """200 campaigns without effect on the demo's own skewed spend: 5 % are called effective."""
    rng = np.random.default_rng(17)
    tables = [
        audience.assign(
            campaign_id=f"N{number:03d}", is_treated=rng.permutation(audience["is_treated"])
        )
        for number in range(200)
    ]
    found = estimate_lifts(pd.concat(tables), ["spend"], RULES)
    called = int((found["p_value"] < RULES.alpha).sum())
    low, high = stats.binom.ppf([0.001, 0.999], 200, RULES.alpha)
    assert low <= called <= high


@pytest.mark.requirement("MKT-07")
def test_nothing_but_what_the_reached_bought_is_touched(tiny, monkeypatch):
    monkeypatch.setattr(trial, "ANSWER", 0.0)
    without = simulate(scale=0.02)
    for feed in ("survey_responses", "complaints", "complaint_events", "ref_consents", "stores"):
        assert tiny.tables[feed].equals(without.tables[feed]), feed
    assert tiny.tables["ref_interactions"].equals(without.tables["ref_interactions"])
    ours, theirs = tiny.tables["pos_sales"], without.tables["pos_sales"]
    amounts = ["qty", "net_amount"]
    assert ours.drop_columns(amounts).equals(theirs.drop_columns(amounts))
    more = ours.filter(pc.not_equal(ours["net_amount"], theirs["net_amount"])).to_pandas()
    contacts = tiny.tables["ref_interactions"].to_pandas()
    reached = contacts.loc[contacts["campaign_id"] == trial.CAMPAIGN, "customer_id"]
    assert len(more) > 0
    assert set(more["customer_id"]) <= set(reached)
    day = (more["sold_at"] - pd.Timedelta(hours=4)).dt.normalize()
    assert ((day >= BEGIN) & (day < BEGIN + DAYS)).all()
    members, before = (one.tables["customers"].to_pandas() for one in (tiny, without))
    points = ["points_balance", "member_level"]
    assert members.drop(columns=points).equals(before.drop(columns=points))
    richer = members["points_balance"] > before["points_balance"]
    assert set(members["customer_id"][richer]) == set(more["customer_id"])
    assert members["points_balance"][~richer].equals(before["points_balance"][~richer])
    added = pc.sum(ours["net_amount"]).as_py() - pc.sum(theirs["net_amount"]).as_py()
    assert str(added) == tiny.truth["campaign"]["net_amount"]
    assert without.truth["campaign"]["lift"] == "0.0000"
