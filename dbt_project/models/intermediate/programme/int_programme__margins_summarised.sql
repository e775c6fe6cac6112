-- A table: margins of customer-days meet many campaigns. A product without a cost has no margin.
{{ config(materialized='table') }}

select
    sales.customer_id,
    sales.business_date,
    cast(
        sum(sales.net_amount_chain - cast(sales.qty * products.unit_cost as decimal(18, 2)))
        as decimal(18, 2)
    ) as margin
from {{ ref('int_sales__lines_kept') }} as sales
inner join {{ ref('int_products__series_mapped') }} as products
    on sales.product_code = products.product_code
where sales.customer_id is not null and products.unit_cost is not null
group by sales.customer_id, sales.business_date
