"""Scores every buyer with the registered models; no row where none was fitted."""

from regulars.analytics import lifetime


def model(dbt, session):
    """One row per buyer."""
    dbt.config(materialized="table")
    histories = dbt.ref("int_clv__histories_summarised").df()
    register = dbt.ref("int_clv__models_registered").df()
    rules = dbt.ref("int_clv__rules_dated").df().iloc[0]
    horizons = {
        "90_days": 90.0,
        "1_year": 365.0,
        "2_years": 730.0,
        "horizon": float(rules.horizon_days),
    }
    return lifetime.score_registered(
        histories[histories.history == "now"],
        register,
        horizons,
        outlook=float(rules.churn_outlook_days),
    )
