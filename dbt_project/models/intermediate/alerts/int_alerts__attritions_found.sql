-- Opens at the end of a year that fails either limit, closes at the end of the next that passes.
with judged as (
    select
        *,
        coalesce(not met_ceiling, false) or coalesce(not met_industry, false) as is_high
    from {{ ref('int_churn__attrition_judged') }}
),

told as (
    select
        *,
        lag(is_high, 1, false) over (order by calendar_year asc) as was_high,
        min(case when not is_high then period_end end) over (
            order by calendar_year asc
            rows between 1 following and unbounded following
        ) as passed_date
    from judged
)

select
    'ATTRITION_HIGH' as alert_code,
    'chain' as entity_type,
    'all' as entity_id,
    period_end as opened_date,
    passed_date as closed_date,
    attrition as alert_value,
    least(ceiling, coalesce(industry_limit, ceiling)) as threshold,
    case when passed_date is not null then 'a year within both limits followed' end as feedback
from told
where is_high and not was_high
