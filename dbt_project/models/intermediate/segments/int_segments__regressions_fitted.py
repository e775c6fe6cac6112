"""What a customer will spend, explained by what was known before."""

from regulars.analytics.regression import coefficients_table, fit_regression

FEATURES = [
    *("log_spend", "log_receipts", "log_recency_days", "log_tenure_days"),
    *("full_price_share", "series_bought", "stores_visited", "weekend_share"),
]


def model(dbt, session):
    """One row per feature, or one row that says why there is none."""
    dbt.config(materialized="table")
    rules = dbt.ref("int_segments__rules_dated").df().iloc[0]
    features = dbt.ref("int_segments__features_prepared").filter("not is_current")
    fit = fit_regression(
        features.order("customer_id").df(),
        "next_spend",
        FEATURES,
        min_rows=int(rules["analysis_min_customers"]),
    )
    return coefficients_table(fit).assign(fitted_for_date=rules["as_of"])
