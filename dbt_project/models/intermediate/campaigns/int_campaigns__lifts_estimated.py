"""What each campaign brought, against those whom it left out."""

from regulars.analytics.lift import Rules, estimate_lifts


def model(dbt, session):
    """One row per campaign that can be compared and measure."""
    dbt.config(materialized="table")
    rules = dbt.ref("int_campaigns__rules_dated").df().iloc[0]
    return estimate_lifts(
        dbt.ref("int_campaigns__outcomes_measured").order("campaign_id, unit_id").df(),
        ["spend", "margin", "bought"],
        Rules(
            alpha=float(rules["alpha"]),
            power=float(rules["power"]),
            min_units=int(rules["min_units"]),
            min_stores=int(rules["min_stores"]),
        ),
    )
