-- Every line is in one role, those of unknown products and roles in none, so roles add up to all
-- sales. A role with a product without a cost has no margin.
with lines as (
    select
        cast(extract(year from sales.business_date) as integer) as calendar_year,
        coalesce(products.product_role, 'none') as product_role,
        sales.product_code,
        sales.net_amount_chain as net_sales,
        cast(sales.qty * products.unit_cost as decimal(18, 2)) as cost
    from {{ ref('fct_sales') }} as sales
    left join {{ ref('dim_product') }} as products on sales.product_code = products.product_code
    where sales.net_amount_chain is not null
),

summed as (
    select
        calendar_year,
        product_role,
        count(distinct product_code) as products,
        sum(net_sales) as net_sales,
        case when count(*) = count(cost) then sum(cost) end as cost
    from lines
    group by calendar_year, product_role
)

select
    summed.calendar_year as year,
    summed.product_role,
    cast(summed.products as integer) as products,
    cast(summed.net_sales as decimal(18, 2)) as net_sales,
    cast(summed.net_sales as double)
    / nullif(cast(sum(summed.net_sales) over (partition by summed.calendar_year) as double), 0)
        as share_of_sales,
    cast(summed.net_sales - summed.cost as decimal(18, 2)) as margin,
    cast(summed.net_sales - summed.cost as double) / nullif(cast(summed.net_sales as double), 0)
        as margin_share,
    case when summed.cost is null then 'a product has no cost' end as reason,
    context.chain_currency as currency,
    context.as_of
from summed
cross join {{ ref('int_build__context_stated') }} as context
