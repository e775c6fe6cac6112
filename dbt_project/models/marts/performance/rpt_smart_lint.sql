-- S names a metric and an owner; M has a value in a unit that a KPI of the dictionary can show; A
-- asks for no more a year beyond the trend than the parameter; R serves a goal of the strategy; T
-- has its first and last day. Without a trend nobody can tell whether it can be reached.
with trends as (
    select
        kpi,
        slope_per_period
        * case period_kind when 'month' then 12 when 'quarter' then 4 else 1 end
        / nullif(abs(forecast_next - slope_per_period), 0) as change_a_year,
        row_number() over (
            partition by kpi
            order by case period_kind when 'month' then 1 when 'quarter' then 2 else 3 end asc
        ) as place
    from {{ ref('rpt_kpi_trend') }}
    where slope_per_period is not null
),

judged as (
    select
        targets.target_id,
        targets.statement,
        targets.metric,
        targets.unit,
        targets.target_value,
        targets.start_date,
        targets.due_date,
        targets.owner_id,
        targets.strategy_link,
        targets.metric is not null and targets.owner_id is not null as is_specific,
        targets.target_value is not null
        and coalesce(targets.unit in (kpis.unit, 'share'), false) as is_measurable,
        goals.goal is not null as is_relevant,
        targets.start_date is not null and targets.due_date is not null as is_time_bound,
        case when kpis.direction = 'down' then -1 else 1 end as sign,
        case
            when targets.unit = kpis.unit
                then
                    cast(targets.target_value - targets.baseline_value as double)
                    / nullif(abs(cast(targets.baseline_value as double)), 0)
            when targets.unit = 'share' then cast(targets.target_value as double)
        end * 365
        / ({{ days_between('targets.start_date', 'targets.due_date') }} + 1)
            as asked_change_a_year,
        trends.change_a_year as trend_change_a_year
    from {{ ref('int_performance__targets_listed') }} as targets
    left join {{ ref('int_performance__kpis_listed') }} as kpis on targets.metric = kpis.kpi
    left join {{ ref('int_performance__goals_listed') }} as goals
        on targets.strategy_link = goals.goal
    left join trends on targets.metric = trends.kpi and trends.place = 1
),

told as (
    select
        judged.*,
        round(judged.sign * (judged.asked_change_a_year - judged.trend_change_a_year), 9)
        <= rules.target_stretch_max as is_achievable,
        rules.as_of
    from judged
    cross join {{ ref('int_performance__rules_dated') }} as rules
)

select
    target_id,
    statement,
    metric,
    unit,
    target_value,
    start_date,
    due_date,
    owner_id,
    strategy_link,
    is_specific,
    is_measurable,
    is_achievable,
    is_relevant,
    is_time_bound,
    round(asked_change_a_year, 9) as asked_change_a_year,
    round(trend_change_a_year, 9) as trend_change_a_year,
    case
        when
            is_specific and is_measurable and coalesce(is_achievable, true) and is_relevant
            and is_time_bound
            then 'passes'
        else
            'fails'
            || case when is_specific then '' else ' S' end
            || case when is_measurable then '' else ' M' end
            || case when coalesce(is_achievable, true) then '' else ' A' end
            || case when is_relevant then '' else ' R' end
            || case when is_time_bound then '' else ' T' end
    end as finding,
    case
        when is_achievable is not null then null
        when not is_measurable or not is_time_bound then 'nothing to hold against the trend'
        when trend_change_a_year is null then 'no trend of the metric'
        else 'no value at the start'
    end as achievable_reason,
    as_of
from told
