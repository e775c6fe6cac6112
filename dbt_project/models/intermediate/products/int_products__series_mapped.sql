-- Read by many models, so worked out once a build.
{{ config(materialized='table') }}

select
    products.product_code,
    products.product_name,
    coalesce(map.series, products.delivered_series) as series,
    coalesce(products.delivered_line, map.line) as line,
    products.category,
    products.product_role,
    products.unit_cost,
    products.list_price,
    products.sold_from_date,
    products.sold_to_date
from {{ ref('stg_reference__products') }} as products
left join {{ ref('ref_series_map') }} as map on products.delivered_series = map.delivered_series
