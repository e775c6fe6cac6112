"""Factors of buying behaviour: their loadings, and how well they fit."""

from regulars.analytics.factors import analyse_factors, loadings_table


def model(dbt, session):
    """One row per factor and indicator, or one row that says why there is none."""
    dbt.config(materialized="table")
    rules = dbt.ref("int_segments__rules_dated").df().iloc[0]
    habits = dbt.ref("int_segments__habits_selected").order("customer_id").df()
    fit = analyse_factors(
        habits.set_index("customer_id"),
        min_rows=int(rules["analysis_min_customers"]),
        min_eigenvalue=float(rules["analysis_min_eigenvalue"]),
    )
    return loadings_table(fit).assign(fitted_for_date=rules["as_of"])
