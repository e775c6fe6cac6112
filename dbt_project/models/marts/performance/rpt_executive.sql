-- One page: the four headline goals and the scorecard of the newest closed month, what changed, the
-- trend, and the alerts that are open. Every figure names the row it is copied from.
with newest as (
    select max(period_start) as period_start
    from {{ ref('mart_kpi_scorecard') }}
    where period_kind = 'month'
),

figures as (
    select
        scorecard.kpi,
        scorecard.name_en,
        scorecard.name_zh,
        scorecard.unit,
        scorecard.is_headline,
        scorecard.period_start,
        scorecard.value,
        scorecard.previous_value,
        scorecard.target,
        scorecard.status,
        scorecard.no_data_reason,
        trend.slope_per_period,
        coalesce(trend.finding, 'too few periods') as trend,
        scorecard.as_of
    from {{ ref('mart_kpi_scorecard') }} as scorecard
    inner join newest on scorecard.period_start = newest.period_start
    left join {{ ref('rpt_kpi_trend') }} as trend
        on scorecard.kpi = trend.kpi and scorecard.period_kind = trend.period_kind
    where
        scorecard.period_kind = 'month'
        and (scorecard.is_headline or scorecard.is_core or scorecard.is_relationship)
),

alerts as (
    select
        alert_code,
        severity,
        owner,
        count(*) as alerts_open,
        min(opened_at) as oldest,
        as_of
    from {{ ref('fct_alerts') }}
    where status = 'open'
    group by alert_code, severity, owner, as_of
)

select
    case when is_headline then 'headline' else 'kpi' end as section,
    kpi as item,
    name_en as label,
    name_zh as label_zh,
    unit,
    period_start,
    value,
    previous_value,
    value - previous_value as change,
    target,
    status,
    slope_per_period,
    trend,
    no_data_reason,
    'mart_kpi_scorecard' as source_mart,
    as_of
from figures
union all
select
    'alert' as section,
    alert_code as item,
    alert_code || ' of ' || coalesce(owner, 'nobody') as label,
    null as label_zh,
    'alerts' as unit,
    oldest as period_start,
    cast(alerts_open as double) as value,
    null as previous_value,
    null as change,
    null as target,
    severity as status,
    null as slope_per_period,
    null as trend,
    null as no_data_reason,
    'fct_alerts' as source_mart,
    as_of
from alerts
