-- A table: two kinds of alerts and the units of campaigns are found from it.
{{ config(materialized='table') }}

{% set override_date = try_cast("substr(key_override, 1, 10)", 'date') %}

-- Key from the day on which the spend of the year reached A to the end of the next year, as long as
-- the year itself ended in A (or still runs); touching periods are one.
-- An override holds from its date on, and goes before what the tiers say from then.
-- Days are gone through only in years that ended in A: those are few.
with reaching as (
    select
        years.customer_id,
        years.calendar_year,
        limits.a_min,
        limits.is_a_min_inclusive
    from {{ ref('int_customers__years_summarised') }} as years
    inner join {{ ref('int_tiers__rules_dated') }} as limits
        on years.calendar_year = limits.calendar_year
    where
        years.net_spend > limits.a_min
        or (years.net_spend = limits.a_min and limits.is_a_min_inclusive)
),

running as (
    select
        reaching.*,
        days.business_date,
        sum(days.net_spend) over (
            partition by reaching.customer_id, reaching.calendar_year
            order by days.business_date asc
            rows between unbounded preceding and current row
        ) as spend
    from reaching
    inner join {{ ref('int_sales__customer_days_summarised') }} as days
        on
            reaching.customer_id = days.customer_id
            and reaching.calendar_year = extract(year from days.business_date)
),

reached as (
    select
        customer_id,
        calendar_year,
        min(business_date) as key_from
    from running
    where spend > a_min or (spend = a_min and is_a_min_inclusive)
    group by customer_id, calendar_year
),

marked as (
    select
        *,
        lag(calendar_year) over (partition by customer_id order by calendar_year asc)
            as year_before
    from reached
),

numbered as (
    select
        *,
        sum(case when year_before = calendar_year - 1 then 0 else 1 end) over (
            partition by customer_id
            order by calendar_year asc
            rows between unbounded preceding and current row
        ) as period_no
    from marked
),

by_tier as (
    select
        customer_id,
        min(key_from) as key_from,
        cast(cast(max(calendar_year) + 2 as string) || '-01-01' as date) as key_before
    from numbered
    group by customer_id, period_no
),

overrides as (
    select
        customer_id,
        {{ override_date }} as key_from
    from {{ ref('int_customers__contacts_removed') }}
    where {{ override_date }} is not null and length(trim(substr(key_override, 11))) > 0
)

select
    by_tier.customer_id,
    by_tier.key_from,
    least(by_tier.key_before, coalesce(overrides.key_from, by_tier.key_before)) as key_before
from by_tier
left join overrides on by_tier.customer_id = overrides.customer_id
where coalesce(by_tier.key_from < overrides.key_from, true)
union all
select
    customer_id,
    key_from,
    cast('9999-12-31' as date) as key_before
from overrides
