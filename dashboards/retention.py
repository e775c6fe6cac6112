"""Who stays: cohorts of the month of their first purchase."""

import altair as alt

from regulars.dashboards.page import BLUE, Block, Column, Page, rows


def cohorts(words):
    """A row a cohort, a column a month of age, darker where more were still there."""
    return (
        alt.Chart(rows(), width="container", height=420)
        .mark_rect()
        .encode(
            x=alt.X(
                "months_since:O",
                title=words.column("months_since"),
                axis=alt.Axis(labelAngle=0, labelOverlap=True),
            ),
            y=alt.Y("month:O", title=None, axis=alt.Axis(labelOverlap=True)),
            color=alt.Color(
                "survival_rate:Q",
                scale=alt.Scale(scheme="blues", domain=[0, 1]),
                legend=alt.Legend(format=".0%", gradientLength=160),
            ),
            tooltip=[
                alt.Tooltip("month:O", title=words.column("cohort_month")),
                alt.Tooltip("months_since:O", title=words.column("months_since")),
                alt.Tooltip("base:Q", title=words.column("base"), format=","),
                alt.Tooltip("survived:Q", title=words.column("survived"), format=","),
                alt.Tooltip("survival_rate:Q", title=words.column("survival_rate"), format=".1%"),
            ],
        )
    )


def by_quarter(words):
    """Retention of every quarter."""
    return (
        alt.Chart(rows(), width="container", height=260)
        .mark_line(color=BLUE, point=alt.OverlayMarkDef(color=BLUE))
        .encode(
            x=alt.X("period_start:T", title=None, axis=alt.Axis(format="%Y-%m", labelAngle=0)),
            y=alt.Y(
                "retention_rate:Q",
                title=words.column("retention_rate"),
                axis=alt.Axis(format=".0%"),
                scale=alt.Scale(domain=[0, 1]),
            ),
            tooltip=[
                alt.Tooltip("period_start:T", title=words.column("period_start"), format="%Y-%m"),
                alt.Tooltip("base:Q", title=words.column("base"), format=","),
                alt.Tooltip("retained:Q", title=words.column("retained"), format=","),
                alt.Tooltip("retention_rate:Q", title=words.column("retention_rate"), format=".1%"),
            ],
        )
    )


PAGE = Page(
    "retention",
    group="customers",
    order=5,
    blocks=(
        Block(
            "retention.cohorts",
            "mart_cohort_month",
            """
            select cohort_month, strftime(cohort_month, '%Y-%m') as month, months_since, base,
                active, survived, active_rate, survival_rate
            from mart_cohort_month
            where is_closed and survival_rate is not null
            order by cohort_month, months_since
            """,
            (
                Column("cohort_month", "month"),
                Column("months_since"),
                Column("base", "count"),
                Column("active", "count"),
                Column("survived", "count"),
                Column("active_rate", "share"),
                Column("survival_rate", "share"),
            ),
            cohorts,
            is_wide=True,
        ),
        Block(
            "retention.quarters",
            "mart_retention",
            """
            select period_start, base, retained, retention_rate, coverage_pct
            from mart_retention
            where
                period_kind = 'quarter' and segment_kind = 'all' and segment = 'all'
                and retention_rate is not null
            order by period_start
            """,
            (
                Column("period_start", "month"),
                Column("base", "count"),
                Column("retained", "count"),
                Column("retention_rate", "share"),
                Column("coverage_pct", "share"),
            ),
            by_quarter,
        ),
        Block(
            "retention.groups",
            "mart_retention",
            """
            select segment_kind, segment, base, retained, retention_rate, coverage_pct
            from mart_retention
            where
                period_kind = 'year' and segment_kind in ('all', 'tier', 'store')
                and period_start = (
                    select max(period_start) from mart_retention where period_kind = 'year'
                )
            order by segment_kind, segment
            """,
            (
                Column("segment_kind", group="group"),
                Column("segment", group="group"),
                Column("base", "count"),
                Column("retained", "count"),
                Column("retention_rate", "share"),
                Column("coverage_pct", "share"),
            ),
        ),
    ),
)
