-- A table: the compact state from which years, recency and stages are taken.
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
    cast(
        count(distinct case when not is_refund then store_id || ' ' || receipt_id end) as integer
    ) as receipts,
    cast(count(*) as integer) as line_count,
    cast(count(*) - count(net_amount_chain) as integer) as lines_without_rate,
    cast(sum(qty) as decimal(18, 3)) as items,
    cast(sum(net_amount_chain) as decimal(18, 2)) as net_spend,
    cast(sum(discount_chain) as decimal(18, 2)) as discount_amount,
    cast(sum(case when is_refund then -net_amount_chain else 0 end) as decimal(18, 2))
        as refund_amount
from sales
where customer_id is not null
group by customer_id, business_date
