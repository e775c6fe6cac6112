-- Read by many models, so worked out once a build.
{{ config(materialized='table') }}

select
    customer_id,
    cast(extract(year from business_date) as integer) as calendar_year,
    cast(sum(receipts) as integer) as receipts,
    cast(sum(line_count) as integer) as line_count,
    cast(sum(lines_without_rate) as integer) as lines_without_rate,
    cast(sum(items) as decimal(18, 3)) as items,
    cast(sum(net_spend) as decimal(18, 2)) as net_spend,
    cast(sum(discount_amount) as decimal(18, 2)) as discount_amount,
    cast(sum(refund_amount) as decimal(18, 2)) as refund_amount,
    min(case when receipts > 0 then business_date end) as first_purchase_date,
    max(case when receipts > 0 then business_date end) as last_purchase_date,
    cast(count(case when receipts > 0 then 1 end) as integer) as purchase_days
from {{ ref('int_sales__customer_days_summarised') }}
group by 1, 2
