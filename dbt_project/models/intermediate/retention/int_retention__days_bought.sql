-- A table: periods, months and repurchases read it. What costs nothing is given and not bought.
{{ config(materialized='table') }}

select
    customer_id,
    business_date,
    cast(count(distinct store_id || ' ' || receipt_id) as integer) as receipts
from {{ ref('int_sales__lines_kept') }}
where customer_id is not null and not is_refund and unit_price > 0
group by customer_id, business_date
