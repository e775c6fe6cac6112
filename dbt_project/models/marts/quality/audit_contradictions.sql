select
    found.store_id,
    found.receipt_id,
    cast(found.line_no as integer) as line_no,
    found.business_date,
    found.contradiction,
    found.load_id,
    context.as_of
from {{ ref('int_sales__contradictions_found') }} as found
cross join {{ ref('int_build__context_stated') }} as context
