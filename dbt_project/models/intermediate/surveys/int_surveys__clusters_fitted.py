"""Groups of respondents who are satisfied with the same things."""

from regulars.analytics.survey_fits import clusters_by_year

FEATURES = ["product", "service", "price", "after_sales", "marketing", "communication"]


def model(dbt, session):
    """One row per questionnaire, its cluster missing where none could be found."""
    dbt.config(materialized="table")
    rules = dbt.ref("int_surveys__rules_dated").df().iloc[0]
    return clusters_by_year(
        dbt.ref("int_surveys__responses_widened").order("respondent").df(),
        FEATURES,
        min_rows=int(rules["survey_fit_min_n"]),
        k_max=int(rules["survey_max_clusters"]),
    )
