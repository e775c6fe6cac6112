-- A weak point is a KPI that misses its target or got worse than a year before by more than the
-- parameter, or an alert code that opened in the period.
with kpis as (
    select
        scorecard.period_kind,
        scorecard.period_start,
        scorecard.period_end,
        'kpi' as subject_kind,
        scorecard.kpi as subject,
        scorecard.value,
        scorecard.target,
        scorecard.year_before_value,
        case
            when scorecard.status = 'off target' then 'off target'
            when
                scorecard.direction = 'up'
                and scorecard.value
                < scorecard.year_before_value * (1 - rules.evaluation_fall_min)
                then 'worse than a year before'
            when
                scorecard.direction = 'down'
                and scorecard.value
                > scorecard.year_before_value * (1 + rules.evaluation_fall_min)
                then 'worse than a year before'
        end as finding,
        listed.action as proposed_action,
        listed.owner,
        scorecard.as_of
    from {{ ref('mart_kpi_scorecard') }} as scorecard
    cross join {{ ref('int_performance__rules_dated') }} as rules
    inner join {{ ref('int_performance__kpis_listed') }} as listed on scorecard.kpi = listed.kpi
    where scorecard.period_kind in ('quarter', 'year')
),

alerts as (
    select
        periods.period_kind,
        periods.period_start,
        periods.period_end,
        'alert' as subject_kind,
        alerts.alert_code as subject,
        cast(count(*) as double) as value,
        cast(null as double) as target,
        cast(null as double) as year_before_value,
        'alerts opened' as finding,
        codes.response as proposed_action,
        codes.owner,
        alerts.as_of
    from {{ ref('int_retention__periods_listed') }} as periods
    inner join {{ ref('fct_alerts') }} as alerts
        on periods.period_start <= alerts.opened_at and periods.period_end >= alerts.opened_at
    left join {{ ref('int_alerts__codes_listed') }} as codes
        on alerts.alert_code = codes.alert_code
    where periods.period_kind in ('quarter', 'year')
    group by
        periods.period_kind, periods.period_start, periods.period_end, alerts.alert_code,
        codes.response, codes.owner, alerts.as_of
)

select
    period_kind,
    period_start,
    period_end,
    subject_kind,
    subject,
    finding,
    value,
    target,
    year_before_value,
    proposed_action,
    owner,
    as_of
from (
    select * from kpis
    union all
    select * from alerts
) as found
where finding is not null
