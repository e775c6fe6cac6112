select
    customer_id,
    {{ month_of('business_date') }} as month_start,
    cast(sum(receipts) as integer) as receipts
from {{ ref('int_sales__customer_days_summarised') }}
where receipts > 0
group by customer_id, {{ month_of('business_date') }}
