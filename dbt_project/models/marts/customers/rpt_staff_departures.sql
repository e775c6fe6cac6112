with counted as (
    select
        staff_id,
        store_id,
        left_date,
        is_judged,
        count(case when is_own_customer then 1 end) as own_customers,
        count(case when is_own_customer and is_lost_after then 1 end) as own_lost,
        count(case when not is_own_customer then 1 end) as other_customers,
        count(case when not is_own_customer and is_lost_after then 1 end) as other_lost
    from {{ ref('int_churn__departures_judged') }}
    group by staff_id, store_id, left_date, is_judged
),

rated as (
    select
        *,
        case when is_judged then cast(own_lost as double) / nullif(own_customers, 0) end
            as own_loss_rate,
        case when is_judged then cast(other_lost as double) / nullif(other_customers, 0) end
            as baseline_loss_rate
    from counted
)

select
    rated.staff_id,
    rated.store_id,
    rated.left_date,
    cast(rated.own_customers as integer) as own_customers,
    cast(rated.other_customers as integer) as other_customers,
    rated.own_loss_rate,
    rated.baseline_loss_rate,
    rated.own_loss_rate / nullif(rated.baseline_loss_rate, 0) as loss_ratio,
    case
        when not rated.is_judged then 'too early to tell'
        when rated.own_customers = 0 then 'nobody' || chr(39) || 's main seller'
        when rated.baseline_loss_rate = 0 then 'no loss among the others'
        when rated.other_customers = 0 then 'no other customers'
    end as missing_reason,
    context.as_of
from rated
cross join {{ ref('int_build__context_stated') }} as context
