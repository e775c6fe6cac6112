"""Where each buyer stands on the factors of buying behaviour."""

from regulars.analytics.factors import analyse_factors, scores_table

INDICATORS = [
    *("log_receipts", "log_ticket", "log_recency_days", "log_tenure_days"),
    *("full_price_share", "series_bought", "stores_visited", "weekend_share"),
]


def model(dbt, session):
    """One row per buyer and factor; none where no factors could be fitted."""
    dbt.config(materialized="table")
    rules = dbt.ref("int_segments__rules_dated").df().iloc[0]
    features = dbt.ref("int_segments__features_prepared").filter("is_current")
    values = features.order("customer_id").df().set_index("customer_id")[INDICATORS]
    fit = analyse_factors(
        values,
        min_rows=int(rules["analysis_min_customers"]),
        min_eigenvalue=float(rules["analysis_min_eigenvalue"]),
    )
    return scores_table(values, fit)
