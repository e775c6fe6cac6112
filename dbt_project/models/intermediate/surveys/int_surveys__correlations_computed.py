"""How the answers of a wave go together."""

from regulars.analytics.survey_fits import correlations_by_wave

INDICATORS = [
    *("product", "service", "price", "after_sales", "marketing", "communication"),
    *("overall", "trust", "attitude", "recommend", "loyalty"),
]


def model(dbt, session):
    """One row per wave, pair of answers and method."""
    dbt.config(materialized="table")
    rules = dbt.ref("int_surveys__rules_dated").df().iloc[0]
    return correlations_by_wave(
        dbt.ref("int_surveys__responses_widened").order("respondent").df(),
        INDICATORS,
        min_rows=int(rules["correlation_min_n"]),
    )
