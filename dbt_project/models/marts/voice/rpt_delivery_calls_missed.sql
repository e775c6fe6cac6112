select
    store_id,
    receipt_id,
    business_date,
    items,
    as_of
from {{ ref('int_feedback__deliveries_called') }}
cross join {{ ref('int_build__context_stated') }}
where not is_called
