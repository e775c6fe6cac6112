"""Factors of buying behaviour: their loadings, and how well they fit."""

from regulars.analytics.factors import analyse_factors, loadings_table

INDICATORS = [
    *("log_receipts", "log_ticket", "log_recency_days", "log_tenure_days"),
    *("full_price_share", "series_bought", "stores_visited", "weekend_share"),
]


def model(dbt, session):
    """One row per factor and indicator, or one row that says why there is none."""
    dbt.config(materialized="table")
    rules = dbt.ref("int_segments__rules_dated").df().iloc[0]
    features = dbt.ref("int_segments__features_prepared").filter("is_current")
    fit = analyse_factors(
        features.order("customer_id").df()[INDICATORS],
        min_rows=int(rules["analysis_min_customers"]),
        min_eigenvalue=float(rules["analysis_min_eigenvalue"]),
    )
    return loadings_table(fit).assign(fitted_for_date=rules["as_of"])
