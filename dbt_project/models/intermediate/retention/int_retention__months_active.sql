select
    customer_id,
    {{ month_of('business_date') }} as month_start,
    cast(sum(receipts) as integer) as receipts
from {{ ref('int_retention__days_bought') }}
group by customer_id, {{ month_of('business_date') }}
