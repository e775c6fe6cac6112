-- A table: baskets, cross-selling and the assortment all read it. A receipt number is a till's.
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ leave_out('int_sales__receipts_touched', ['store_id', 'receipt_id']) }}"
) }}

with sales as (
    select *
    from {{ ref('int_sales__lines_kept') }}
    {{ only_touched('int_sales__receipts_touched', ['store_id', 'receipt_id']) }}
)

select
    sales.store_id,
    sales.receipt_id,
    sales.business_date,
    sales.customer_id,
    products.series,
    cast(count(*) as integer) as line_count,
    cast(sum(sales.net_amount_chain) as decimal(18, 2)) as net_spend
from sales
inner join {{ ref('int_products__series_mapped') }} as products
    on sales.product_code = products.product_code
where not sales.is_refund and products.series is not null
group by
    sales.store_id, sales.receipt_id, sales.business_date, sales.customer_id, products.series
