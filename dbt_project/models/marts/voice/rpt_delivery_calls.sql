select
    orders.store_id,
    {{ month_of('orders.business_date') }} as month_start,
    cast(count(*) as integer) as deliveries,
    cast(count(case when orders.is_called then 1 end) as integer) as called,
    cast(count(case when orders.is_called then 1 end) as double)
    / nullif(count(orders.is_called), 0)
        as called_share,
    case when count(orders.is_called) = 0 then 'no data' else 'measured' end as status,
    context.as_of
from {{ ref('int_feedback__deliveries_called') }} as orders
cross join {{ ref('int_build__context_stated') }} as context
group by orders.store_id, {{ month_of('orders.business_date') }}, context.as_of
