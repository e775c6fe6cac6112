{{ config(meta={'requirements': ['FEED-06']}) }}

select distinct
    products.series,
    extract(year from sales.business_date) as calendar_year
from {{ ref('fct_sales') }} as sales
inner join {{ ref('dim_product') }} as products on sales.product_code = products.product_code
left join {{ ref('int_surveys__series_attitudes_listed') }} as attitudes
    on
        products.series = attitudes.product_series
        and extract(year from sales.business_date) = attitudes.calendar_year
where
    products.series is not null
    and (
        attitudes.product_series is null
        or (attitudes.n = 0) <> (attitudes.attitude_mean_100 is null)
    )
