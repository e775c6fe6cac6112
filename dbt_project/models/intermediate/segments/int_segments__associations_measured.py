"""Which needs go together with which behaviours."""

from regulars.analytics.associations import measure_associations

NEEDS = ["stressed_element", "age_band", "sex", "income_band", "household"]
BEHAVIOURS = ["favourite_series", "usual_channel", "behaviour_class", "usual_days"]


def model(dbt, session):
    """One row per need and behaviour."""
    dbt.config(materialized="table")
    rules = dbt.ref("int_segments__rules_dated").df().iloc[0]
    return measure_associations(
        dbt.ref("int_segments__needs_described").order("customer_id").df(),
        NEEDS,
        BEHAVIOURS,
        min_rows=int(rules["analysis_min_customers"]),
    )
