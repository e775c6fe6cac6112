"""How far the figures can be trusted: what arrived, what was checked, what is missing."""

import altair as alt

from regulars.dashboards.page import BLUE, Block, Column, Page, rows


def coverage(words):
    """The share of receipt lines with a known customer, month by month."""
    return (
        alt.Chart(rows(), width="container", height=230)
        .mark_line(color=BLUE, point=alt.OverlayMarkDef(color=BLUE, size=35))
        .encode(
            x=alt.X("month_start:T", title=None, axis=alt.Axis(format="%Y-%m", labelAngle=0)),
            y=alt.Y(
                "identified_share:Q",
                title=words.column("identified_share"),
                axis=alt.Axis(format=".0%"),
                scale=alt.Scale(domain=[0, 1]),
            ),
            tooltip=[
                alt.Tooltip("month_start:T", title=words.column("month_start"), format="%Y-%m"),
                alt.Tooltip(
                    "identified_share:Q", title=words.column("identified_share"), format=".1%"
                ),
            ],
        )
    )


PAGE = Page(
    "quality",
    group="control",
    order=17,
    blocks=(
        Block(
            "quality.failed",
            "dq_results",
            """
            select subject, severity, expectation, column_name, observed, reason
            from dq_results where not success and subject_type = 'mart'
            order by severity <> 'critical', subject, expectation, column_name limit 50
            """,
            (
                Column("subject"),
                Column("severity", group="severity"),
                Column("expectation"),
                Column("column_name"),
                Column("observed"),
                Column("reason"),
            ),
            is_wide=True,
        ),
        Block(
            "quality.reconciliation",
            "audit_loads",
            """
            select feed, count(*) as files, sum(rows_received) as rows_received,
                sum(rows_accepted) as rows_accepted, sum(rows_duplicate) as rows_duplicate,
                sum(rows_quarantined) as rows_quarantined,
                sum(rows_suppressed) as rows_suppressed,
                sum(net_amount_received) as net_amount_received,
                sum(net_amount_accepted) as net_amount_accepted,
                sum(net_amount_quarantined) as net_amount_quarantined
            from audit_loads group by feed
            order by starts_with(feed, 'ref_'), feed
            """,
            (
                Column("feed"),
                Column("files", "count"),
                Column("rows_received", "count"),
                Column("rows_accepted", "count"),
                Column("rows_duplicate", "count"),
                Column("rows_quarantined", "count"),
                Column("rows_suppressed", "count"),
                Column("net_amount_received", "money", absent="frame.no_money"),
                Column("net_amount_accepted", "money", absent="frame.no_money"),
            ),
            is_wide=True,
        ),
        Block(
            "quality.coverage",
            "rpt_reference_coverage",
            """
            select month_start, line_count, line_count_identified,
                cast(line_count_identified as double) / line_count as identified_share
            from rpt_reference_coverage where line_count > 0 order by month_start
            """,
            (
                Column("month_start", "month"),
                Column("line_count", "count"),
                Column("line_count_identified", "count"),
                Column("identified_share", "share"),
            ),
            coverage,
        ),
        Block(
            "quality.differences",
            "rpt_reconciliation",
            """
            select feed, store_id, business_date, rows_accepted, rows_in_marts, rows_difference,
                net_amount_difference
            from rpt_reconciliation
            where rows_difference <> 0 or net_amount_difference <> 0
            order by business_date desc, feed, store_id limit 50
            """,
            (
                Column("feed"),
                Column("store_id", absent="frame.whole"),
                Column("business_date", "date"),
                Column("rows_accepted", "count"),
                Column("rows_in_marts", "count"),
                Column("rows_difference", "count"),
                Column("net_amount_difference", "money"),
            ),
        ),
        Block(
            "quality.freshness",
            "rpt_freshness",
            """
            select feed, store_id, status, last_delivery_date, days_since_delivery, max_days,
                deliveries_missing
            from rpt_freshness
            where is_stale or (store_id is null and feed not like 'ref_%')
            order by is_stale desc, feed, store_id
            """,
            (
                Column("feed"),
                Column("store_id", absent="frame.whole"),
                Column("status", group="status"),
                Column("last_delivery_date", "date"),
                Column("days_since_delivery", "count"),
                Column("max_days", "count"),
            ),
            is_wide=True,
        ),
        Block(
            "quality.scores",
            "rpt_dq_trend",
            """
            select feed, store_id, month_start, reliability, truthfulness, timeliness, score
            from rpt_dq_trend
            where
                month_start = (select max(month_start) from rpt_dq_trend where is_complete)
                and feed not like 'ref_%'
            order by score, feed, store_id
            """,
            (
                Column("feed"),
                Column("store_id", absent="frame.whole"),
                Column("month_start", "month"),
                Column("reliability", "share"),
                Column("truthfulness", "share"),
                Column("timeliness", "share"),
                Column("score", "share"),
            ),
            is_wide=True,
        ),
    ),
)
