"""Fits the churn risk; the error is that of the back-test."""

from regulars.analytics import churn


def model(dbt, session):
    """Rows of the model register."""
    dbt.config(materialized="table")
    signals = dbt.ref("int_churn__risks_weighed").project(", ".join(churn.SIGNALS)).df()
    rules = dbt.ref("int_churn__rules_dated").df().iloc[0]
    return churn.fit_and_test(signals, rules.as_of, fewest=int(rules.min_observations))
