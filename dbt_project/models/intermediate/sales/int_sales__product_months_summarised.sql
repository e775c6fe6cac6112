-- A table: what is told of months and years of products, stores and channels adds it up instead of
-- all lines. A month follows from its lines alone, so untouched ones are kept.
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ leave_out('int_sales__months_touched', ['month_start']) }}"
) }}

with sales as (
    select *
    from {{ ref('int_sales__lines_kept') }}
    {{ only_touched('int_sales__months_touched', ['business_date']) }}
)

select
    store_id,
    {{ month_of('business_date') }} as month_start,
    product_code,
    channel,
    channel_class,
    currency,
    is_refund,
    min(business_date) as first_date,
    cast(count(*) as integer) as line_count,
    cast(count(customer_id) as integer) as identified_lines,
    cast(sum(qty) as decimal(18, 3)) as items,
    cast(sum(qty * unit_price) as decimal(38, 7)) as asked_amount,
    cast(sum(net_amount_chain) as decimal(18, 2)) as net_sales
from sales
group by
    store_id, {{ month_of('business_date') }}, product_code, channel, channel_class, currency,
    is_refund
