{{ config(meta={'requirements': ['FEED-06']}) }}

with sales as (
    select distinct
        product_code,
        extract(year from business_date) as calendar_year
    from {{ ref('fct_sales') }}
)

select distinct
    products.series,
    sales.calendar_year
from sales
inner join {{ ref('dim_product') }} as products on sales.product_code = products.product_code
left join {{ ref('int_surveys__series_attitudes_listed') }} as attitudes
    on
        products.series = attitudes.product_series
        and sales.calendar_year = attitudes.calendar_year
where
    products.series is not null
    and (
        attitudes.product_series is null
        or (attitudes.n = 0) <> (attitudes.attitude_mean_100 is null)
    )
