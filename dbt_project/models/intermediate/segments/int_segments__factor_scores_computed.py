"""Where each buyer stands on the factors of buying behaviour."""

from regulars.analytics.factors import analyse_factors, scores_table


def model(dbt, session):
    """One row per buyer and factor; none where no factors could be fitted."""
    dbt.config(materialized="table")
    rules = dbt.ref("int_segments__rules_dated").df().iloc[0]
    habits = dbt.ref("int_segments__habits_selected").order("customer_id").df()
    values = habits.set_index("customer_id")
    fit = analyse_factors(
        values,
        min_rows=int(rules["analysis_min_customers"]),
        min_eigenvalue=float(rules["analysis_min_eigenvalue"]),
    )
    return scores_table(values, fit)
