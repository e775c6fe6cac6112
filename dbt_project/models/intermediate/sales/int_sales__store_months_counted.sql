-- A table: customers of days or products do not add up to those of a month, and to count them among
-- all lines is dear. A month follows from its lines alone, so untouched ones are kept.
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ leave_out('int_sales__months_touched', ['month_start']) }}"
) }}

with sales as (
    select *
    from {{ ref('int_sales__lines_kept') }}
    {{ only_touched('int_sales__months_touched', ['business_date']) }}
),

customers as (
    select
        store_id,
        {{ month_of('business_date') }} as month_start,
        customer_id,
        min(business_date) as first_date,
        max(business_date) as last_date
    from sales
    where customer_id is not null and not is_refund
    group by store_id, {{ month_of('business_date') }}, customer_id
)

select
    store_id,
    month_start,
    cast(count(*) as integer) as customers,
    cast(count(case when first_date < last_date then 1 end) as integer) as customers_again
from customers
group by store_id, month_start
