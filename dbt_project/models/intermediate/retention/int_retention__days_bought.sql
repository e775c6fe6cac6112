-- A table: periods, months and repurchases read it. What costs nothing is given and not bought.
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ leave_out('int_sales__customers_touched', ['customer_id']) }}"
) }}

with sales as (
    select *
    from {{ ref('int_sales__lines_kept') }}
    {{ only_touched('int_sales__customers_touched', ['customer_id']) }}
)

select
    customer_id,
    business_date,
    cast(count(distinct store_id || ' ' || receipt_id) as integer) as receipts
from sales
where customer_id is not null and not is_refund and unit_price > 0
group by customer_id, business_date
