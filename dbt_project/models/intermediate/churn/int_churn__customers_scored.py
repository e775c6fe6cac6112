"""Scores who is not lost, at as_of and at the moment of the back-test."""

from regulars.analytics import churn


def model(dbt, session):
    """One row per moment and customer; none where no model was fitted."""
    dbt.config(materialized="table")
    signals = dbt.ref("int_churn__risks_weighed").project(", ".join(churn.SIGNALS)).df()
    return churn.score(signals, dbt.ref("int_churn__models_registered").df())
