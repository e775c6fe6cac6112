with lines as (
    select
        sales.month_start,
        sum(sales.line_count) as line_count,
        sum(case when stores.is_known then sales.line_count else 0 end) as known_stores,
        sum(case when products.is_known then sales.line_count else 0 end) as known_products,
        sum(sales.identified_lines) as identified
    from {{ ref('int_sales__product_months_summarised') }} as sales
    left join {{ ref('dim_store') }} as stores on sales.store_id = stores.store_id
    left join {{ ref('dim_product') }} as products on sales.product_code = products.product_code
    group by sales.month_start
),

customers as (
    select
        {{ month_of('days.business_date') }} as month_start,
        sum(days.line_count) as known_customers
    from {{ ref('int_sales__customer_days_summarised') }} as days
    inner join {{ ref('dim_customer') }} as customers on days.customer_id = customers.customer_id
    where customers.is_known
    group by {{ month_of('days.business_date') }}
),

months as (
    select
        lines.*,
        coalesce(customers.known_customers, 0) as known_customers
    from lines
    left join customers on lines.month_start = customers.month_start
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
