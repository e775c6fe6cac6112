-- Closed months, quarters and years, each with the period before it.
with months as (
    select
        month_start,
        month_end
    from {{ ref('int_build__months_listed') }}
    where is_closed
),

periods as (
    select
        'month' as period_kind,
        month_start as period_start,
        month_end as period_end,
        1 as months
    from months
    union all
    select
        'quarter' as period_kind,
        {{ add_months('month_start', -2) }} as period_start,
        month_end as period_end,
        3 as months
    from months
    where extract(month from month_end) in (3, 6, 9, 12)
    union all
    select
        'year' as period_kind,
        {{ add_months('month_start', -11) }} as period_start,
        month_end as period_end,
        12 as months
    from months
    where extract(month from month_end) = 12
)

select
    period_kind,
    period_start,
    period_end,
    {{ add_months('period_start', '-months') }} as previous_start
from periods
