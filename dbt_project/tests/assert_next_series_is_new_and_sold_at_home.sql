{{ config(meta={'requirements': ['XSELL-01', 'XSELL-02']}) }}

-- What is suggested was never bought by the customer and is sold at the home store; the second
-- store is another one, and open.
with owned as (
    select distinct
        customer_id,
        product_series as series
    from {{ ref('mart_customer_series_year') }}
    where receipts > 0
),

lines as (
    select distinct
        store_id,
        product_code
    from {{ ref('fct_sales') }}
    where not is_refund
),

sold as (
    select distinct
        lines.store_id,
        products.series
    from lines
    inner join {{ ref('dim_product') }} as products
        on lines.product_code = products.product_code
)

select
    suggested.customer_id,
    suggested.next_best,
    suggested.home_store_id,
    suggested.next_store_id
from {{ ref('mart_cross_sell') }} as suggested
left join owned
    on suggested.customer_id = owned.customer_id and suggested.next_best = owned.series
left join sold on suggested.home_store_id = sold.store_id and suggested.next_best = sold.series
left join {{ ref('dim_store') }} as stores on suggested.next_store_id = stores.store_id
where
    owned.series is not null
    or (suggested.next_best is not null and sold.series is null)
    or suggested.next_store_id = suggested.home_store_id
    or stores.opened_date > suggested.as_of
    or stores.closed_date <= suggested.as_of
