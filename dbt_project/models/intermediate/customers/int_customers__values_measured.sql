-- A table: what customers are worth, economics and costs to serve read it, each over all lines.
{{ config(materialized='table') }}

-- What one line without a known cost leaves open is the whole margin: it is not told then.
with lines as (
    select
        sales.customer_id,
        cast(extract(year from sales.business_date) as integer) as calendar_year,
        sum(sales.net_amount_chain) as revenue,
        sum(sales.qty * products.unit_cost) as cost_of_goods,
        count(case when products.unit_cost is null then 1 end) as lines_without_cost
    from {{ ref('int_sales__lines_kept') }} as sales
    left join {{ ref('int_products__series_mapped') }} as products
        on sales.product_code = products.product_code
    group by sales.customer_id, cast(extract(year from sales.business_date) as integer)
)

select
    customer_id,
    calendar_year,
    cast(revenue as decimal(18, 2)) as revenue,
    case when lines_without_cost = 0 then cast(cost_of_goods as decimal(18, 2)) end
        as cost_of_goods
from lines
