"""What winning and keeping customers costs and brings, beside what the books say of it."""

from regulars.dashboards.page import Block, Column, Page

PAGE = Page(
    "economics",
    group="business",
    order=12,
    blocks=(
        Block(
            "economics.quoted",
            "rpt_quoted_economics",
            """
            select reading, quality, quoted_low, quoted_high, measured_value, year,
                verdict as against, coverage_pct
            from rpt_quoted_economics order by code
            """,
            (
                Column("reading"),
                Column("quality", group="quality_of_figure"),
                Column("quoted_low", "ratio"),
                Column("quoted_high", "ratio"),
                Column("measured_value", "ratio"),
                Column("year", absent="frame.none"),
                Column("against", group="against"),
                Column("coverage_pct", "share"),
            ),
            is_wide=True,
        ),
        Block(
            "economics.claims",
            "rpt_crm_benefits",
            """
            select reading, kpi, claimed_change, measured_change, status
            from rpt_crm_benefits order by code
            """,
            (
                Column("reading"),
                Column("kpi", group="kpi"),
                Column("claimed_change", "share"),
                Column("measured_change", "share"),
                Column("status", group="status"),
            ),
            is_wide=True,
        ),
        Block(
            "economics.cac",
            "mart_cac",
            """
            select year, acquisition_spend, new_customers, cac, industry_cac, clv_to_cac,
                payback_months
            from mart_cac where dimension = 'all' order by year
            """,
            (
                Column("year"),
                Column("acquisition_spend", "money"),
                Column("new_customers", "count"),
                Column("cac", "money"),
                Column("industry_cac", "money"),
                Column("clv_to_cac", "ratio"),
                Column("payback_months", "score"),
            ),
        ),
        Block(
            "economics.internal",
            "rpt_internal",
            """
            select period_start, block, amount
            from rpt_internal
            where period_kind = 'quarter'
            order by period_start desc, block_no limit 20
            """,
            (
                Column("period_start", "month"),
                Column("block", group="block"),
                Column("amount", "money"),
            ),
        ),
    ),
)
