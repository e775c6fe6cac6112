-- The rolling year changes on a day of sale and on the day on which that sale leaves the window.
-- Who in all never bought for the lowest A of any year was never in A and has no row.
with reaching as (
    select days.customer_id
    from {{ ref('int_sales__customer_days_summarised') }} as days
    cross join (
        select min(a_min) as a_min
        from {{ ref('int_tiers__rules_dated') }}
    ) as lowest
    group by days.customer_id
    having sum(greatest(coalesce(days.net_spend, 0), 0)) >= max(lowest.a_min)
),

days as (
    select
        days.customer_id,
        days.business_date,
        days.net_spend
    from {{ ref('int_sales__customer_days_summarised') }} as days
    inner join reaching on days.customer_id = reaching.customer_id
),

changes as (
    select
        customer_id,
        business_date as change_date,
        net_spend as amount
    from days
    union all
    select
        days.customer_id,
        {{ add_days('days.business_date', 'cast(rules.drop_window_days as integer)') }}
            as change_date,
        -days.net_spend as amount
    from days
    cross join {{ ref('int_grading__rules_stated') }} as rules
),

dated as (
    select
        customer_id,
        change_date,
        sum(coalesce(amount, 0)) as amount
    from changes
    group by customer_id, change_date
),

rolling as (
    select
        customer_id,
        change_date,
        sum(amount) over (
            partition by customer_id
            order by change_date asc
            rows between unbounded preceding and current row
        ) as spend
    from dated
)

select
    rolling.customer_id,
    rolling.change_date,
    cast(rolling.spend as decimal(18, 2)) as rolling_spend,
    cast(limits.a_min as decimal(18, 2)) as a_min,
    rolling.spend > limits.a_min
    or (rolling.spend = limits.a_min and limits.is_a_min_inclusive) as is_a
from rolling
inner join {{ ref('int_tiers__rules_dated') }} as limits
    on extract(year from rolling.change_date) = limits.calendar_year
inner join {{ ref('int_build__context_stated') }} as context
    on rolling.change_date <= context.as_of
