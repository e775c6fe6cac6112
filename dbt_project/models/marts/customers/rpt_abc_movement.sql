with years as (
    select
        calendar_year,
        coverage_pct
    from {{ ref('int_sales__coverage_measured') }}
),

classes as (
    select 'A' as tier
    union
    select 'B' as tier
    union
    select 'C' as tier
    union
    select tier from {{ ref('mart_customer_tier') }}
    where tier = 'GAP'
),

counted as (
    select
        classes.tier,
        years.calendar_year,
        max(years.coverage_pct) as coverage_pct,
        cast(count(members.customer_id) as integer) as customers,
        cast(coalesce(sum(members.net_spend), 0) as decimal(18, 2)) as spend
    from classes
    cross join years
    left join {{ ref('mart_customer_tier') }} as members
        on classes.tier = members.tier and years.calendar_year = members.year
    group by classes.tier, years.calendar_year
)

select
    now.tier,
    now.calendar_year as year,
    now.customers,
    now.spend,
    cast(now.customers - before.customers as integer) as delta_customers,
    cast(now.customers - before.customers as double) / nullif(before.customers, 0) as delta_pct,
    cast(now.spend - before.spend as decimal(18, 2)) as delta_spend,
    cast(now.spend - before.spend as double) / nullif(cast(before.spend as double), 0)
        as delta_spend_pct,
    now.coverage_pct,
    context.chain_currency as currency,
    context.as_of
from counted as now
cross join {{ ref('int_build__context_stated') }} as context
left join counted as before
    on now.tier = before.tier and now.calendar_year = before.calendar_year + 1
