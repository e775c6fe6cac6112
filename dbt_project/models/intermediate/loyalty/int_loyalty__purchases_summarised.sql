-- Days on which a customer bought a series; a day of which everything was brought back is none.
-- A table: the matrix, its customers and the effect of equipment read it.
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
    sales.customer_id,
    products.series as product_series,
    sales.business_date,
    cast(sum(sales.net_amount_chain) as decimal(18, 2)) as net_spend
from sales
inner join {{ ref('int_products__series_mapped') }} as products
    on sales.product_code = products.product_code
where sales.customer_id is not null and products.series is not null and not sales.is_refund
group by sales.customer_id, products.series, sales.business_date
