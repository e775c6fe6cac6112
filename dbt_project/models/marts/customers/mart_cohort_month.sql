-- The triangle of monthly cohorts: `active` bought in the month, `survived` bought in it or later,
-- so that it can only fall from month to month.
with bought as (
    select
        customer_id,
        period_start as month_start
    from {{ ref('int_retention__periods_bought') }}
    where period_kind = 'month'
),

members as (
    select
        customer_id,
        min(month_start) as cohort_month,
        max(month_start) as last_month
    from bought
    group by customer_id
),

lasts as (
    select
        cohort_month,
        last_month,
        count(*) as customers
    from members
    group by cohort_month, last_month
),

actives as (
    select
        members.cohort_month,
        bought.month_start,
        count(*) as customers
    from bought
    inner join members on bought.customer_id = members.customer_id
    group by members.cohort_month, bought.month_start
),

survivors as (
    select
        lasts.cohort_month,
        months.month_start,
        months.is_closed,
        sum(lasts.customers) as base,
        sum(case when lasts.last_month >= months.month_start then lasts.customers else 0 end)
            as survived
    from lasts
    inner join {{ ref('int_build__months_listed') }} as months
        on lasts.cohort_month <= months.month_start
    group by lasts.cohort_month, months.month_start, months.is_closed
)

select
    survivors.cohort_month,
    {{ months_between('survivors.cohort_month', 'survivors.month_start') }} as months_since,
    survivors.month_start,
    survivors.is_closed,
    cast(survivors.base as integer) as base,
    cast(coalesce(actives.customers, 0) as integer) as active,
    cast(survivors.survived as integer) as survived,
    cast(coalesce(actives.customers, 0) as double) / survivors.base as active_rate,
    cast(survivors.survived as double) / survivors.base as survival_rate,
    context.as_of
from survivors
cross join {{ ref('int_build__context_stated') }} as context
left join actives
    on
        survivors.cohort_month = actives.cohort_month
        and survivors.month_start = actives.month_start
