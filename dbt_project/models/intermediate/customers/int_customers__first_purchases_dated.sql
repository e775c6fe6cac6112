select
    customer_id,
    first_purchase_date,
    last_purchase_date
from {{ ref('int_sales__customer_days_accumulated') }}
where next_date = cast('9999-12-31' as date) and purchase_days > 0
