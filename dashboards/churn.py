"""Who leaves, why, who may leave next, and who came back."""

import altair as alt

from regulars.dashboards.page import BLUE, GREY, ORANGE, RED, Block, Column, Page, rows


def by_month(words):
    """The share of customers lost, month by month."""
    return (
        alt.Chart(rows(), width="container", height=250)
        .mark_line(color=RED, point=alt.OverlayMarkDef(color=RED, size=35))
        .encode(
            x=alt.X("period_start:T", title=None, axis=alt.Axis(format="%Y-%m", labelAngle=0)),
            y=alt.Y("churn_rate:Q", title=words.column("churn_rate"), axis=alt.Axis(format=".0%")),
            tooltip=[
                alt.Tooltip("period_start:T", title=words.column("period_start"), format="%Y-%m"),
                alt.Tooltip("base:Q", title=words.column("base"), format=","),
                alt.Tooltip("lost:Q", title=words.column("lost"), format=","),
                alt.Tooltip("churn_rate:Q", title=words.column("churn_rate"), format=".1%"),
            ],
        )
    )


def risk(words):
    """Customers by band of risk."""
    order = ["high", "medium", "low"]
    base = alt.Chart(rows(), width="container", height=alt.Step(38)).encode(
        x=alt.X("customers:Q", title=words.column("customers")),
        y=alt.Y("band:N", title=None, sort=words.all("band", order)),
    )
    bars = base.mark_bar().encode(
        color=alt.Color(
            "band:N",
            legend=None,
            scale=alt.Scale(domain=words.all("band", order), range=[RED, ORANGE, BLUE]),
        )
    )
    return bars + base.mark_text(align="left", dx=5).encode(
        text=alt.Text("customers:Q", format=",")
    )


def reasons(words):
    """Lost customers by reason, what they said apart from what was inferred."""
    base = alt.Chart(rows(), width="container", height=alt.Step(34)).encode(
        x=alt.X("customers:Q", title=words.column("customers")),
        y=alt.Y("reason:N", title=None, sort=None, axis=alt.Axis(labelLimit=160)),
    )
    bars = base.mark_bar().encode(
        color=alt.condition("datum.is_service_or_product", alt.value(ORANGE), alt.value(GREY))
    )
    return bars + base.mark_text(align="left", dx=5).encode(
        text=alt.Text("customers:Q", format=",")
    )


PAGE = Page(
    "churn",
    group="customers",
    order=6,
    blocks=(
        Block(
            "churn.months",
            "mart_churn_rate",
            """
            select period_start, base, lost, churn_rate, coverage_pct
            from mart_churn_rate
            where period_kind = 'month' and dimension = 'all' and churn_rate is not null
            order by period_start
            """,
            (
                Column("period_start", "month"),
                Column("base", "count"),
                Column("lost", "count"),
                Column("churn_rate", "share"),
                Column("coverage_pct", "share"),
            ),
            by_month,
        ),
        Block(
            "churn.years",
            "mart_churn_rate",
            """
            select extract(year from period_start) as year, dimension, member, base, lost,
                churn_rate, own_target, benchmark_lost_in_a_year, coverage_pct
            from mart_churn_rate
            where
                period_kind = 'year' and dimension in ('all', 'tier', 'store')
                and period_start = (
                    select max(period_start) from mart_churn_rate where period_kind = 'year'
                )
            order by dimension, member
            """,
            (
                Column("dimension", group="group"),
                Column("member", group="group"),
                Column("base", "count"),
                Column("lost", "count"),
                Column("churn_rate", "share"),
                Column("own_target", "share"),
                Column("benchmark_lost_in_a_year", "share"),
            ),
        ),
        Block(
            "churn.risk",
            "mart_churn_risk",
            "select band, count(*) as customers from mart_churn_risk group by band order by band",
            (Column("band", group="band"), Column("customers", "count")),
            risk,
        ),
        Block(
            "churn.reasons",
            "rpt_churn_reasons",
            """
            select reason, customers, stated, inferred, is_service_or_product, share_of_stated
            from rpt_churn_reasons where customers > 0 order by customers desc, reason
            """,
            (
                Column("reason", group="churn_reason"),
                Column("customers", "count"),
                Column("stated", "count"),
                Column("inferred", "count"),
                Column("share_of_stated", "share"),
            ),
            reasons,
        ),
        Block(
            "churn.winback",
            "rpt_winback_results",
            """
            select dimension, member, contacted, judged, won_back, winback_rate, net_spend_after,
                cost_per_winback
            from rpt_winback_results where dimension <> 'reason' order by dimension, member
            """,
            (
                Column("dimension", group="group"),
                Column("member", group="group"),
                Column("contacted", "count"),
                Column("judged", "count"),
                Column("won_back", "count"),
                Column("winback_rate", "share"),
                Column("net_spend_after", "money"),
                Column("cost_per_winback", "money"),
            ),
            is_wide=True,
        ),
        Block(
            "churn.backtest",
            "rpt_churn_backtest",
            """
            select warning, judged_date, customers, warned, fell_silent, rightly_warned,
                precision_share, recall_share
            from rpt_churn_backtest order by warning
            """,
            (
                Column("warning", group="warning"),
                Column("customers", "count"),
                Column("warned", "count"),
                Column("fell_silent", "count"),
                Column("rightly_warned", "count"),
                Column("precision_share", "share"),
                Column("recall_share", "share"),
            ),
            is_wide=True,
        ),
    ),
)
