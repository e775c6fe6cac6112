"""One page for whoever runs the chain: what needs somebody, how it goes, how far to trust it."""

import altair as alt

from regulars.dashboards.page import BLUE, Block, Column, Page, rows

# A row per figure, each taken from one row of the mart named in it; sales alone are added up.
KPIS = """
with newest as (select extract(year from max(as_of)) as year from mart_tier_movement),

sales as (
    select
        extract(year from business_date) as year,
        sum(net_amount_chain) as net_sales
    from fct_sales
    group by 1
)

select 1 as place, 'net_sales' as kpi, 'money' as unit, cast(now.year as varchar) as period,
    now.net_sales as value, null as target, null as benchmark, before.net_sales as before,
    null as margin, null as n, null as status, 'fct_sales' as mart
from newest
inner join sales as now on newest.year = now.year
left join sales as before on now.year - 1 = before.year
union all
select 2, 'retention_rate', 'share', cast(year_3 as varchar), value_3, null, null, value_2, null,
    cast(n_3 as varchar), direction_2_3, 'rpt_loyalty_comparison'
from rpt_loyalty_comparison where metric = 'retention_rate'
union all
select 3, 'churn_rate', 'share', cast(extract(year from now.period_start) as varchar),
    now.churn_rate, now.own_target, now.benchmark_lost_in_a_year, before.churn_rate, null,
    cast(now.base as varchar), null, 'mart_churn_rate'
from newest
inner join mart_churn_rate as now
    on extract(year from now.period_start) = newest.year and now.period_kind = 'year'
    and now.dimension = 'all'
left join mart_churn_rate as before
    on extract(year from before.period_start) = newest.year - 1 and before.period_kind = 'year'
    and before.dimension = 'all'
union all
select 4, 'purchase_frequency', 'times', cast(year_3 as varchar), value_3, null, null, value_2,
    null, cast(n_3 as varchar), direction_2_3, 'rpt_loyalty_comparison'
from rpt_loyalty_comparison where metric = 'purchase_frequency'
union all
select 5, 'csat_mean_100', 'score', now.period, now.csat_mean_100, null, now.benchmark_mean_100,
    before.csat_mean_100, now.csat_margin_of_error_100, now.n_label, null, 'mart_satisfaction'
from newest
inner join mart_satisfaction as now
    on now.period = cast(newest.year as varchar) and now.period_type = 'year'
    and now.breakdown = 'all' and now.dimension = 'overall'
left join mart_satisfaction as before
    on before.period = cast(newest.year - 1 as varchar) and before.period_type = 'year'
    and before.breakdown = 'all' and before.dimension = 'overall'
union all
select 6, 'nps', 'points', now.period, now.nps, null, null, before.nps, now.margin_of_error,
    now.n_label, nullif(now.n_status, 'ok'), 'mart_nps'
from newest
inner join mart_nps as now
    on now.period = cast(newest.year as varchar) and now.period_type = 'year'
    and now.breakdown = 'all'
left join mart_nps as before
    on before.period = cast(newest.year - 1 as varchar) and before.period_type = 'year'
    and before.breakdown = 'all'
union all
select 7, 'loyalty_index', 'score', cast(now.year as varchar), now.loyalty_index, now.target, null,
    before.loyalty_index, null, cast(now.customers as varchar), now.level_finding,
    'rpt_loyalty_trend'
from newest
inner join rpt_loyalty_trend as now on newest.year = now.year
left join rpt_loyalty_trend as before on now.year - 1 = before.year
union all
select 8, 'linked_share', 'share', cast(now.year as varchar), now.linked_share, null, null,
    before.linked_share, null, cast(now.closed_complaints as varchar), null,
    'rpt_complaint_improvements'
from newest
inner join rpt_complaint_improvements as now on newest.year = now.year
left join rpt_complaint_improvements as before on now.year - 1 = before.year
order by place
"""

SCORECARD = """
select
    scorecard.kpi,
    case
        when scorecard.unit = 'currency' or regexp_full_match(scorecard.unit, '[A-Z]{3}')
            then 'money'
        when scorecard.unit = 'points' then 'score'
        when scorecard.unit = 'customers' then 'count'
        when scorecard.unit = 'share' then 'share'
        else 'ratio'
    end as unit,
    extract(year from period_start) || ' Q' || extract(quarter from period_start) as period,
    value, previous_value as before, target, benchmark, null as margin, null as n, status,
    no_data_reason as reason, coverage_pct as coverage, verdict, 'mart_kpi_scorecard' as mart,
    dictionary.formula as definition
from mart_kpi_scorecard as scorecard
left join rpt_kpi_dictionary as dictionary on scorecard.kpi = dictionary.kpi
where
    period_kind = 'quarter'
    and period_start = (
        select max(period_start) from mart_kpi_scorecard where period_kind = 'quarter'
    )
    and (scorecard.is_headline or scorecard.is_core or scorecard.is_relationship)
order by scorecard.is_headline desc, scorecard.is_core desc, scorecard.kpi
"""


def sales_by_month(words):
    """Net sales, a bar a month."""
    return (
        alt.Chart(rows(), width="container", height=230)
        .mark_bar(color=BLUE)
        .encode(
            x=alt.X("yearmonth(month_start):T", title=None, axis=alt.Axis(format="%Y-%m")),
            y=alt.Y("net_sales:Q", title=words.column("net_sales"), axis=alt.Axis(format="~s")),
            tooltip=[
                alt.Tooltip("month_start:T", title=words.column("month_start"), format="%Y-%m"),
                alt.Tooltip("net_sales:Q", title=words.column("net_sales"), format=",.0f"),
            ],
        )
    )


PAGE = Page(
    "executive",
    group="overview",
    order=1,
    blocks=(
        Block("executive.kpis", "fct_sales, mart_*, rpt_*", KPIS, is_cards=True, is_wide=True),
        Block(
            "executive.alerts",
            "fct_alerts",
            """
            select alert_code, severity, count(*) as open_alerts, min(opened_at) as opened_at, owner
            from fct_alerts where status = 'open'
            group by alert_code, severity, owner
            order by severity <> 'critical', opened_at desc, alert_code
            """,
            (
                Column("alert_code", group="alert"),
                Column("severity", group="severity"),
                Column("open_alerts", "count"),
                Column("opened_at", "date"),
                Column("owner", group="owner"),
            ),
            is_wide=True,
        ),
        Block(
            "executive.scorecard",
            "mart_kpi_scorecard",
            SCORECARD,
            is_cards=True,
            is_wide=True,
            is_optional=True,
        ),
        Block(
            "executive.sales",
            "fct_sales",
            """
            select cast(date_trunc('month', business_date) as date) as month_start,
                sum(net_amount_chain) as net_sales
            from fct_sales group by 1 order by 1
            """,
            (Column("month_start", "month"), Column("net_sales", "money")),
            sales_by_month,
        ),
        Block(
            "executive.changes",
            "rpt_abc_movement",
            """
            select tier, year, customers, delta_customers, spend, delta_spend_pct, coverage_pct
            from rpt_abc_movement
            where year = extract(year from as_of) order by tier
            """,
            (
                Column("tier", group="tier"),
                Column("customers", "count"),
                Column("delta_customers", "change"),
                Column("spend", "money"),
                Column("delta_spend_pct", "share"),
                Column("coverage_pct", "share"),
            ),
        ),
    ),
)
