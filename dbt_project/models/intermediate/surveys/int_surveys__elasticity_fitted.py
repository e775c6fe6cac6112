"""By how many percent retention follows a percent of satisfaction."""

from regulars.analytics.regression import coefficients_table, fit_regression
from regulars.analytics.survey_fits import with_texts


def model(dbt, session):
    """One row per coefficient, or one row that says why there is none."""
    dbt.config(materialized="table")
    rules = dbt.ref("int_surveys__rules_dated").df().iloc[0]
    fit = fit_regression(
        dbt.ref("int_surveys__retention_paired").order("wave_id, store_id").df(),
        "log_retention",
        ["log_csat"],
        min_rows=int(rules["elasticity_min_n"]),
    )
    return with_texts(coefficients_table(fit)).assign(fitted_for_date=rules["as_of"])
