"""By which ways customers buy, what each of them is worth, and where the next store could be."""

import altair as alt

from regulars.dashboards.page import BLUE, GREEN, ORANGE, PURPLE, SKY, Block, Column, Page, rows


def shares(words):
    """Share of every channel in the sales of a month."""
    return (
        alt.Chart(rows(), width="container", height=250)
        .mark_line()
        .encode(
            x=alt.X("month_start:T", title=None, axis=alt.Axis(format="%Y-%m", labelAngle=0)),
            y=alt.Y(
                "sales_share:Q", title=words.column("sales_share"), axis=alt.Axis(format=".0%")
            ),
            color=alt.Color(
                "channel:N", scale=alt.Scale(range=[BLUE, ORANGE, GREEN, PURPLE, SKY]), sort=None
            ),
            tooltip=[
                alt.Tooltip("month_start:T", title=words.column("month_start"), format="%Y-%m"),
                alt.Tooltip("channel:N", title=words.column("channel")),
                alt.Tooltip("sales_share:Q", title=words.column("sales_share"), format=".1%"),
            ],
        )
    )


PAGE = Page(
    "channels",
    group="business",
    order=14,
    blocks=(
        Block(
            "channels.shares",
            "rpt_channel_months",
            """
            select month_start, channel, net_sales, sales_share, growth
            from rpt_channel_months order by month_start, channel
            """,
            (
                Column("month_start", "month"),
                Column("channel", group="channel"),
                Column("net_sales", "money"),
                Column("sales_share", "share"),
                Column("growth", "share"),
            ),
            shares,
            is_wide=True,
        ),
        Block(
            "channels.decisions",
            "rpt_channel_decisions",
            """
            select channel, net_sales, cost, efficiency, reach, csat_100, lowest_scores,
                quarters_lowest, decision, coverage_pct
            from rpt_channel_decisions
            where quarter_start = (select max(quarter_start) from rpt_channel_decisions)
            order by net_sales desc nulls last, channel
            """,
            (
                Column("channel", group="channel"),
                Column("net_sales", "money"),
                Column("cost", "money"),
                Column("efficiency", "ratio"),
                Column("reach", "count"),
                Column("csat_100", "score"),
                Column("lowest_scores", "count"),
                Column("quarters_lowest", "count"),
                Column("decision", group="decision"),
                Column("coverage_pct", "share"),
            ),
            is_wide=True,
        ),
        Block(
            "channels.customers",
            "rpt_channel_customers",
            """
            select year, channel_group, customers, customer_share, net_spend_per_customer,
                coverage_pct
            from rpt_channel_customers order by year desc, channel_group
            """,
            (
                Column("year"),
                Column("channel_group", group="channel_group"),
                Column("customers", "count"),
                Column("customer_share", "share"),
                Column("net_spend_per_customer", "money"),
                Column("coverage_pct", "share"),
            ),
        ),
        Block(
            "channels.width",
            "rpt_channel_width",
            """
            select region, outlets, net_sales, sales_per_outlet, balance
            from rpt_channel_width
            where year = (select max(year) from rpt_channel_width)
            order by net_sales desc nulls last, region
            """,
            (
                Column("region"),
                Column("outlets", "count"),
                Column("net_sales", "money"),
                Column("sales_per_outlet", "money"),
                Column("balance", group="balance"),
            ),
        ),
        Block(
            "channels.crossing",
            "rpt_cross_area_sales",
            """
            select region, home_region, customers, net_sales, share_of_region, coverage_pct
            from rpt_cross_area_sales
            where
                is_cross_area
                and calendar_year = (select max(calendar_year) from rpt_cross_area_sales)
            order by net_sales desc, region, home_region limit 12
            """,
            (
                Column("region"),
                Column("home_region"),
                Column("customers", "count"),
                Column("net_sales", "money"),
                Column("share_of_region", "share"),
                Column("coverage_pct", "share"),
            ),
        ),
        Block(
            "channels.conflicts",
            "rpt_channel_conflicts",
            """
            select month_start, region, product_code, low_channel, low_price, high_channel,
                high_price, price_gap
            from rpt_channel_conflicts
            order by month_start desc, price_gap desc, region, product_code limit 12
            """,
            (
                Column("month_start", "month"),
                Column("region"),
                Column("product_code"),
                Column("low_channel", group="channel"),
                Column("low_price", "ratio"),
                Column("high_channel", group="channel"),
                Column("high_price", "ratio"),
                Column("price_gap", "share"),
            ),
        ),
        Block(
            "channels.integration",
            "rpt_channel_integration",
            """
            select title as plan, measure, launched_date, value_before, value_after, status
            from rpt_channel_integration
            order by launched_date desc nulls last, plan_id, measure
            """,
            (
                Column("plan"),
                Column("measure", group="measure"),
                Column("launched_date", "date"),
                Column("value_before", "ratio"),
                Column("value_after", "ratio"),
                Column("status", group="status"),
            ),
            is_wide=True,
        ),
        Block(
            "channels.takeaway",
            "rpt_takeaway_gap",
            """
            select store_id, takeaway_status, takeaway_share, platform_share, uplift, uplift_status
            from rpt_takeaway_gap
            where year = (select max(year) from rpt_takeaway_gap)
            order by store_id
            """,
            (
                Column("store_id"),
                Column("takeaway_status", group="takeaway"),
                Column("takeaway_share", "share"),
                Column("platform_share", "share"),
                Column("uplift", "share"),
                Column("uplift_status", group="status"),
            ),
        ),
        Block(
            "channels.sites",
            "rpt_site_candidates",
            """
            select candidate_rank, area, footfall, income_per_head, score, open_stores, status
            from rpt_site_candidates
            order by candidate_rank nulls last, area_rank nulls last limit 12
            """,
            (
                Column("area"),
                Column("candidate_rank", "count", absent="frame.no_candidate"),
                Column("footfall", "count"),
                Column("income_per_head", "money"),
                Column("score", "score"),
                Column("open_stores", "count"),
                Column("status", group="status"),
            ),
        ),
    ),
)
