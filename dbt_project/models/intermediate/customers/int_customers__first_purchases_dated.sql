select
    customer_id,
    min(business_date) as first_purchase_date,
    max(business_date) as last_purchase_date
from {{ ref('int_sales__customer_days_summarised') }}
where receipts > 0
group by customer_id
