-- A drop begins where the rolling year leaves A, and ends where it is back in A or where nothing of
-- it is left: then the customer is lost and belongs to those to be won back. Who never reached the
-- lowest A of any year was never in A. A table: alerts and a report read it, each over all days.
{{ config(materialized='table') }}

with reaching as (
    select distinct rolling.customer_id
    from {{ ref('int_tiers__rolling_spend_summed') }} as rolling
    cross join (
        select min(a_min) as a_min
        from {{ ref('int_tiers__rules_dated') }}
    ) as lowest
    where rolling.rolling_spend >= lowest.a_min
),

changes as (
    select
        rolling.customer_id,
        rolling.change_date,
        rolling.rolling_spend,
        cast(limits.a_min as decimal(18, 2)) as a_min,
        rolling.rolling_spend > limits.a_min
        or (rolling.rolling_spend = limits.a_min and limits.is_a_min_inclusive) as is_a
    from {{ ref('int_tiers__rolling_spend_summed') }} as rolling
    inner join reaching on rolling.customer_id = reaching.customer_id
    inner join {{ ref('int_tiers__rules_dated') }} as limits
        on extract(year from rolling.change_date) = limits.calendar_year
    inner join {{ ref('int_build__context_stated') }} as context
        on rolling.change_date <= context.as_of
),

marked as (
    select
        *,
        lag(is_a, 1, false) over (partition by customer_id order by change_date asc) as was_a,
        lag(rolling_spend) over (partition by customer_id order by change_date asc)
            as spend_before,
        min(case when is_a or rolling_spend <= 0 then change_date end) over (
            partition by customer_id
            order by change_date asc
            rows between 1 following and unbounded following
        ) as end_date,
        min(case when is_a then change_date end) over (
            partition by customer_id
            order by change_date asc
            rows between 1 following and unbounded following
        ) as back_date,
        last_value(rolling_spend) over (
            partition by customer_id
            order by change_date asc
            rows between unbounded preceding and unbounded following
        ) as spend_now
    from changes
)

select
    customer_id,
    change_date as opened_date,
    case when rolling_spend <= 0 then change_date else end_date end as closed_date,
    spend_before,
    rolling_spend as spend_at_drop,
    spend_now,
    a_min,
    coalesce(back_date = end_date, false) as is_back_in_a
from marked
where was_a and not is_a
