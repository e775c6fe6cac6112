-- A table: the home store of a year and that of all years are found from it. Rows of customers whom
-- nothing touched are kept: they follow from their lines alone.
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
    store_id,
    cast(extract(year from business_date) as integer) as calendar_year,
    cast(count(distinct business_date) as integer) as purchase_days,
    cast(count(distinct receipt_id) as integer) as receipts
from sales
where customer_id is not null and not is_refund
group by customer_id, store_id, cast(extract(year from business_date) as integer)
