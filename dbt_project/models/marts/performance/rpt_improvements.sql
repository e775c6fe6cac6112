-- A step counts from its day on; before and after are those of the metric that the improvement
-- names. Nothing measured is 'unmeasured' and no effect of 0.
with steps as (
    select
        improvements.*,
        rules.as_of,
        rules.improvement_stuck_days,
        case
            when improvements.act_date <= rules.as_of then 'act'
            when improvements.check_date <= rules.as_of then 'check'
            when improvements.do_date <= rules.as_of then 'do'
            else 'plan'
        end as phase
    from {{ ref('int_surveys__improvements_listed') }} as improvements
    cross join {{ ref('int_performance__rules_dated') }} as rules
    where improvements.plan_date <= rules.as_of
),

dated as (
    select
        *,
        case phase
            when 'act' then act_date
            when 'check' then check_date
            when 'do' then do_date
            else plan_date
        end as phase_date
    from steps
)

select
    improvement_id,
    title,
    source_kind,
    dimension,
    store_id,
    owner_id,
    due_date,
    phase,
    phase_date,
    cast({{ days_between('phase_date', 'as_of') }} as integer) as days_in_phase,
    phase = 'do' and {{ days_between('phase_date', 'as_of') }} > improvement_stuck_days
        as is_stuck,
    phase <> 'act' and coalesce(due_date < as_of, false) as is_overdue,
    coalesce(metric, 'none') as metric,
    unit,
    metric_before,
    metric_after,
    round(cast(metric_after as double) / nullif(cast(metric_before as double), 0) - 1, 9)
        as effect,
    case
        when metric is null then 'unmeasured'
        when phase in ('plan', 'do') then 'not checked yet'
        when metric_before is null or metric_after is null then 'unmeasured'
        when metric_before = 0 then 'began at 0'
        else 'measured'
    end as effect_status,
    as_of
from dated
