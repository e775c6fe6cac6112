"""What drives the value that customers perceive."""

from regulars.analytics.survey_fits import drivers_by_year


def model(dbt, session):
    """One row per year and driver, or one row per year that says why there is none."""
    dbt.config(materialized="table")
    rules = dbt.ref("int_surveys__rules_dated").df().iloc[0]
    elements = dbt.ref("int_value__elements_listed").order("position_no").df()["element"]
    return drivers_by_year(
        dbt.ref("int_value__drivers_listed").order("respondent, driver").df(),
        [*elements, "price"],
        "total_value",
        min_rows=int(rules["survey_fit_min_n"]),
    )
