-- A table: customers and series are each followed over the years. Anonymous sales have no customer
-- that could be touched: their few rows are made anew every night, those of customers as touched.
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ leave_out('int_sales__customers_touched', ['customer_id'], 'customer_id is null') }}"
) }}

with sales as (
    select *
    from {{ ref('int_sales__lines_kept') }}
    {{ only_touched('int_sales__customers_touched', ['customer_id'], 'customer_id is null') }}
)

select
    sales.customer_id,
    coalesce(products.series, 'UNKNOWN') as product_series,
    cast(extract(year from sales.business_date) as integer) as calendar_year,
    cast(
        count(
            distinct case
                when not sales.is_refund then sales.store_id || ' ' || sales.receipt_id
            end
        ) as integer
    ) as receipts,
    cast(sum(sales.qty) as decimal(18, 3)) as items,
    cast(sum(sales.net_amount_chain) as decimal(18, 2)) as net_spend
from sales
left join {{ ref('int_products__series_mapped') }} as products
    on sales.product_code = products.product_code
group by 1, 2, 3
