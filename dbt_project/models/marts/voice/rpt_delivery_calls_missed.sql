select
    orders.store_id,
    orders.receipt_id,
    orders.business_date,
    orders.items,
    context.as_of
from {{ ref('int_feedback__deliveries_called') }} as orders
cross join {{ ref('int_build__context_stated') }} as context
where not orders.is_called
