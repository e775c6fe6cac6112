select
    sales.customer_id,
    products.series,
    cast(sum(sales.net_amount_chain) as decimal(18, 2)) as spend
from {{ ref('int_sales__lines_kept') }} as sales
cross join {{ ref('int_segments__rules_dated') }} as rules
inner join {{ ref('int_products__series_mapped') }} as products
    on sales.product_code = products.product_code
where
    sales.customer_id is not null
    and not sales.is_refund
    and products.series is not null
    and {{ days_between('sales.business_date', 'rules.as_of') }} < rules.window_days
group by sales.customer_id, products.series
