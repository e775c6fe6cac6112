"""Complaints: how many, about what, answered in time, and where they rise beyond chance."""

import altair as alt

from regulars.dashboards.page import BLUE, GREY, INK, RED, Block, Column, Page, rows

# The series whose sum came nearest to its limit, or went furthest beyond.
WATCHED = """
    select month_start, store_id, complaint_type, complaints, usual_rate, highest_cusum,
        decision_limit, signals
    from mart_complaint_surge
    where
        (store_id, complaint_type) = (
            select (store_id, complaint_type) from mart_complaint_surge
            where status = 'watched'
            order by highest_cusum / decision_limit desc, store_id, complaint_type
            limit 1
        )
        and status = 'watched'
    order by month_start
"""


def control(words):
    """Complaints as bars, the sum that watches them as a line, its limit dashed."""
    base = alt.Chart(rows(), width="container", height=280).encode(
        x=alt.X("yearmonth(month_start):T", title=None, axis=alt.Axis(format="%Y-%m", labelAngle=0))
    )
    bars = base.mark_bar(color="#cbd5de").encode(
        y=alt.Y("complaints:Q", title=words("complaints.control.axis"))
    )
    line = base.mark_line(color=BLUE).encode(y="highest_cusum:Q")
    limit = base.mark_line(color=INK, strokeDash=[5, 4], strokeWidth=1.5).encode(
        y="decision_limit:Q"
    )
    signal = (
        base.transform_filter("datum.signals > 0")
        .mark_point(filled=True, size=150, color=RED, opacity=1, shape="diamond")
        .encode(
            y="highest_cusum:Q",
            tooltip=[
                alt.Tooltip("month_start:T", title=words.column("month_start"), format="%Y-%m"),
                alt.Tooltip("complaints:Q", title=words.column("complaints"), format=","),
                alt.Tooltip("highest_cusum:Q", title=words.column("highest_cusum"), format=".2f"),
                alt.Tooltip("decision_limit:Q", title=words.column("decision_limit"), format=".2f"),
            ],
        )
    )
    return alt.layer(bars, limit, line, signal)


def pareto(words):
    """Types from the most frequent on, with the share they come to together."""
    base = alt.Chart(rows(), width="container", height=alt.Step(36)).encode(
        y=alt.Y("item:N", title=None, sort=None, axis=alt.Axis(labelLimit=150))
    )
    bars = base.mark_bar(color=BLUE).encode(
        x=alt.X("complaints:Q", title=words.column("complaints"))
    )
    text = (
        base.transform_calculate(
            said="datum.complaints + '  ·  Σ ' + format(datum.cumulative_share, '.0%')"
        )
        .mark_text(align="left", dx=5, color=GREY)
        .encode(x="complaints:Q", text="said:N")
    )
    return bars + text


PAGE = Page(
    "complaints",
    group="voice",
    order=8,
    blocks=(
        Block(
            "complaints.sla",
            "rpt_complaint_channels",
            """
            select channel, complaints, met_response_share, met_resolve_share, last_received_date
            from rpt_complaint_channels
            where year = (select max(year) from rpt_complaint_channels)
            order by complaints desc, channel
            """,
            (
                Column("channel", group="channel"),
                Column("complaints", "count"),
                Column("met_response_share", "share"),
                Column("met_resolve_share", "share"),
                Column("last_received_date", "date", absent="frame.never"),
            ),
        ),
        Block(
            "complaints.pareto",
            "rpt_complaint_pareto",
            """
            select rank_no, item, complaints, share, cumulative_share
            from rpt_complaint_pareto
            where
                dimension = 'complaint_type'
                and year = (select max(year) from rpt_complaint_pareto)
            order by rank_no
            """,
            (
                Column("item", group="complaint_type"),
                Column("complaints", "count"),
                Column("share", "share"),
                Column("cumulative_share", "share"),
            ),
            pareto,
        ),
        Block(
            "complaints.control",
            "mart_complaint_surge",
            WATCHED,
            (
                Column("month_start", "month"),
                Column("store_id"),
                Column("complaint_type", group="complaint_type"),
                Column("complaints", "count"),
                Column("usual_rate", "ratio"),
                Column("highest_cusum", "ratio"),
                Column("decision_limit", "ratio"),
                Column("signals", "count"),
            ),
            control,
        ),
        Block(
            "complaints.signals",
            "mart_complaint_surge",
            """
            select month_start, store_id, complaint_type, complaints, usual_rate, highest_cusum,
                decision_limit
            from mart_complaint_surge where signals > 0
            order by month_start desc, store_id, complaint_type limit 20
            """,
            (
                Column("month_start", "month"),
                Column("store_id"),
                Column("complaint_type", group="complaint_type"),
                Column("complaints", "count"),
                Column("highest_cusum", "ratio"),
                Column("decision_limit", "ratio"),
            ),
        ),
        Block(
            "complaints.recovery",
            "rpt_complaint_recovery",
            """
            select year, complainers, complainers_back, repurchase_rate, peer_repurchase_rate,
                coverage_pct
            from rpt_complaint_recovery order by year desc
            """,
            (
                Column("year"),
                Column("complainers", "count"),
                Column("complainers_back", "count"),
                Column("repurchase_rate", "share"),
                Column("peer_repurchase_rate", "share"),
                Column("coverage_pct", "share"),
            ),
            is_wide=True,
        ),
    ),
)
