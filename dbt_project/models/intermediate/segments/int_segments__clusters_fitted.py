"""Clusters of buyers by what they do."""

from regulars.analytics.clusters import clusters_table, find_clusters

FEATURES = [
    *("log_spend", "log_receipts", "log_recency_days"),
    *("full_price_share", "series_bought", "weekend_share"),
]


def model(dbt, session):
    """One row per buyer, its cluster missing where none could be found."""
    dbt.config(materialized="table")
    rules = dbt.ref("int_segments__rules_dated").df().iloc[0]
    features = dbt.ref("int_segments__features_prepared").filter("is_current")
    values = features.order("customer_id").df().set_index("customer_id")[FEATURES]
    fit = find_clusters(
        values,
        min_rows=int(rules["analysis_min_customers"]),
        k_max=int(rules["analysis_max_clusters"]),
    )
    return clusters_table(values, fit).assign(fitted_for_date=rules["as_of"])
