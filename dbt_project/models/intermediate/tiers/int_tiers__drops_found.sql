-- A drop begins where the rolling year leaves A, and ends where it is back in A or where nothing of
-- it is left: then the customer is lost and belongs to those to be won back.
with marked as (
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
    from {{ ref('int_tiers__rolling_spend_summed') }}
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
