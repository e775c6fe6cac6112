"""What loyalty depends on."""

from regulars.analytics.survey_fits import drivers_by_year

INFLUENCES = ["quality", "experience", "reputation", "relationship", "price"]


def model(dbt, session):
    """One row per year and influence, or one row per year that says which of them is lacking."""
    dbt.config(materialized="table")
    rules = dbt.ref("int_surveys__rules_dated").df().iloc[0]
    return drivers_by_year(
        dbt.ref("int_retention__influences_listed").order("respondent, driver, score_100").df(),
        INFLUENCES,
        "loyalty_index",
        min_rows=int(rules["survey_fit_min_n"]),
        all_needed=True,
    )
