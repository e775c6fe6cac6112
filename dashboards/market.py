"""How the chain stands in its market, and what is known of the world outside."""

import altair as alt

from regulars.dashboards.page import BLUE, Block, Column, Page, rows


def share(words):
    """Our share of the whole market, month by month."""
    return (
        alt.Chart(rows(), width="container", height=230)
        .mark_line(color=BLUE, point=alt.OverlayMarkDef(color=BLUE, size=35))
        .encode(
            x=alt.X("period:T", title=None, axis=alt.Axis(format="%Y-%m", labelAngle=0)),
            y=alt.Y("our_share:Q", title=words.column("our_share"), axis=alt.Axis(format=".1%")),
            tooltip=[
                alt.Tooltip("period:T", title=words.column("month_start"), format="%Y-%m"),
                alt.Tooltip("our_share:Q", title=words.column("our_share"), format=".2%"),
            ],
        )
    )


PAGE = Page(
    "market",
    group="business",
    order=13,
    blocks=(
        Block(
            "market.share",
            "mart_market",
            """
            select period, our_sales, industry_sales, our_share, source_name
            from mart_market
            where
                period_kind = 'month' and region = 'all' and product_line = 'all'
                and topic = 'figures' and is_preferred
            order by period
            """,
            (
                Column("period", "month"),
                Column("our_sales", "money"),
                Column("industry_sales", "money"),
                Column("our_share", "share"),
                Column("source_name"),
            ),
            share,
            is_wide=True,
        ),
        Block(
            "market.industry",
            "rpt_industry_comparison",
            """
            select kpi, year, own_value, industry_value, ratio_to_industry, status, coverage_pct
            from rpt_industry_comparison order by year desc, kpi
            """,
            (
                Column("kpi", group="kpi"),
                Column("year"),
                Column("own_value", "ratio"),
                Column("industry_value", "ratio"),
                Column("ratio_to_industry", "ratio"),
                Column("status", group="status"),
                Column("coverage_pct", "share"),
            ),
            is_wide=True,
        ),
        Block(
            "market.news",
            "rpt_intelligence",
            """
            select field, item_date, source_name, item, status
            from rpt_intelligence where field <> 'demand'
            order by item_date desc nulls last, field, item_id limit 20
            """,
            (
                Column("field", group="field"),
                Column("item_date", "date"),
                Column("source_name"),
                Column("item"),
                Column("status", group="status"),
            ),
            is_wide=True,
        ),
    ),
)
