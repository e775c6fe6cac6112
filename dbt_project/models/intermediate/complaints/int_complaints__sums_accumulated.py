"""Complaints a day by store and type, accumulated against the usual rate.

Python and not SQL because a chart begins again after a signal: a window function cannot, and a
recursive query passes over every store for every day. The step is the one that the run lengths in
``ref_control_charts`` are proved with.
"""

import pandas as pd

from regulars.analytics.control_charts import accumulate


def model(dbt, session):
    """One row per store, type and day with complaints while the chart has a design."""
    counts = dbt.ref("int_complaints__days_counted").df()
    designs = dbt.ref("int_complaints__charts_designed").df()
    context = dbt.ref("int_build__context_stated").df()
    for frame in (counts, designs):
        frame["chart_id"] = frame["store_id"] + "/" + frame["complaint_type"]
    charts = designs[["chart_id", "store_id", "complaint_type"]].drop_duplicates()
    found = accumulate(
        counts[counts["chart_id"].isin(charts["chart_id"])].rename(
            columns={"received_date": "day", "complaints": "events"}
        ),
        designs.rename(columns={"month_start": "month"}),
        pd.Timestamp(context["as_of"].iloc[0]),
    )
    found = found.merge(charts, on="chart_id").rename(
        columns={"day": "received_date", "events": "complaints"}
    )
    found["received_date"] = found["received_date"].dt.date
    return session.sql(
        """
        select
            cast(store_id as string) as store_id,
            cast(complaint_type as string) as complaint_type,
            cast(received_date as date) as received_date,
            cast(complaints as integer) as complaints,
            cast(cusum as double) as cusum,
            cast(reference_value as double) as reference_value,
            cast(decision_limit as double) as decision_limit,
            cast(is_signal as boolean) as is_signal
        from found
        """
    )
