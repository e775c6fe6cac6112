with seen as (
    select product_code from {{ ref('fct_sales') }}
    union
    select product_code from {{ ref('fct_complaint') }}
    where product_code is not null
    union
    select product_code from {{ ref('int_products__series_mapped') }}
)

select
    seen.product_code,
    products.product_code is not null as is_known,
    products.product_name,
    products.series,
    products.line,
    products.category,
    products.product_role,
    products.unit_cost,
    products.list_price,
    products.sold_from_date,
    products.sold_to_date
from seen
left join {{ ref('int_products__series_mapped') }} as products
    on seen.product_code = products.product_code
