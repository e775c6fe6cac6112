"""Factors of satisfaction in each wave, and what they do to the overall score."""

from regulars.analytics.survey_fits import factors_by_wave

INDICATORS = ["product", "service", "price", "after_sales", "marketing", "communication"]


def model(dbt, session):
    """One row per wave, factor and dimension, or one row per wave that says why there is none."""
    dbt.config(materialized="table")
    rules = dbt.ref("int_surveys__rules_dated").df().iloc[0]
    fits = factors_by_wave(
        dbt.ref("int_surveys__responses_widened").order("respondent").df(),
        INDICATORS,
        "overall",
        min_rows=int(rules["survey_fit_min_n"]),
        min_eigenvalue=float(rules["survey_min_eigenvalue"]),
    )
    return fits.assign(fitted_for_date=rules["as_of"])
