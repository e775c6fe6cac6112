"""Fits the models of lifetime value; the errors are those on the held-out days."""

from regulars.analytics import lifetime


def model(dbt, session):
    """Rows of the model register."""
    dbt.config(materialized="table")
    histories = dbt.ref("int_clv__histories_summarised").df()
    rules = dbt.ref("int_clv__rules_dated").df().iloc[0]
    return lifetime.fit_and_test(
        histories,
        rules.as_of,
        holdout=float(rules.holdout_days),
        fewest=int(rules.min_customers),
        compared=int(rules.compared_customers),
    )
