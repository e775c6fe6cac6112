with months as (
    select
        {{ month_of('sales.business_date') }} as month_start,
        count(*) as line_count,
        count(case when stores.is_known then 1 end) as known_stores,
        count(case when products.is_known then 1 end) as known_products,
        count(sales.customer_id) as identified,
        count(case when customers.is_known then 1 end) as known_customers
    from {{ ref('fct_sales') }} as sales
    left join {{ ref('dim_store') }} as stores on sales.store_id = stores.store_id
    left join {{ ref('dim_product') }} as products on sales.product_code = products.product_code
    left join {{ ref('dim_customer') }} as customers on sales.customer_id = customers.customer_id
    group by 1
)

select
    months.month_start,
    cast(months.line_count as bigint) as line_count,
    cast(months.identified as bigint) as line_count_identified,
    cast(months.known_stores as double) / months.line_count as store_known_share,
    cast(months.known_products as double) / months.line_count as product_known_share,
    cast(months.known_customers as double) / nullif(months.identified, 0) as customer_known_share,
    context.as_of
from months
cross join {{ ref('int_build__context_stated') }} as context
