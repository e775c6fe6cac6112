-- The triangle of monthly cohorts: `active` bought in the month, `survived` bought in it or later,
-- so that it can only fall from month to month.
with members as (
    select
        customer_id,
        min(month_start) as cohort_month,
        max(month_start) as last_month
    from {{ ref('int_retention__months_active') }}
    group by customer_id
),

placed as (
    select
        members.cohort_month,
        months.month_start,
        months.is_closed,
        members.customer_id,
        active.customer_id is not null as is_active,
        members.last_month >= months.month_start as has_survived
    from members
    inner join {{ ref('int_build__months_listed') }} as months
        on members.cohort_month <= months.month_start
    left join {{ ref('int_retention__months_active') }} as active
        on
            members.customer_id = active.customer_id
            and months.month_start = active.month_start
)

select
    placed.cohort_month,
    {{ months_between('placed.cohort_month', 'placed.month_start') }} as months_since,
    placed.month_start,
    placed.is_closed,
    cast(count(*) as integer) as base,
    cast(count(case when placed.is_active then 1 end) as integer) as active,
    cast(count(case when placed.has_survived then 1 end) as integer) as survived,
    cast(count(case when placed.is_active then 1 end) as double) / count(*) as active_rate,
    cast(count(case when placed.has_survived then 1 end) as double) / count(*) as survival_rate,
    context.as_of
from placed
cross join {{ ref('int_build__context_stated') }} as context
group by placed.cohort_month, placed.month_start, placed.is_closed, context.as_of
