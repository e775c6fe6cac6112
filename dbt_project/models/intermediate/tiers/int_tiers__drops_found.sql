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
        ) as end_date
    from {{ ref('int_tiers__rolling_spend_summed') }}
),

latest as (
    select
        customer_id,
        rolling_spend,
        row_number() over (partition by customer_id order by change_date desc) as place
    from {{ ref('int_tiers__rolling_spend_summed') }}
)

select
    marked.customer_id,
    marked.change_date as opened_date,
    case when marked.rolling_spend <= 0 then marked.change_date else marked.end_date end
        as closed_date,
    marked.spend_before,
    marked.rolling_spend as spend_at_drop,
    latest.rolling_spend as spend_now,
    marked.a_min,
    coalesce(back.is_a, false) as is_back_in_a
from marked
inner join latest on marked.customer_id = latest.customer_id and latest.place = 1
left join {{ ref('int_tiers__rolling_spend_summed') }} as back
    on marked.customer_id = back.customer_id and marked.end_date = back.change_date
where marked.was_a and not marked.is_a
