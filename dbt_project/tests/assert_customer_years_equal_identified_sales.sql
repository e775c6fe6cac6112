{{ config(meta={'requirements': ['YEAR-01']}) }}

-- Year by year, what the customers spent is what was sold to somebody known.
with years as (
    select
        year,
        sum(net_spend) as in_years
    from {{ ref('mart_customer_year') }}
    group by year
),

sold as (
    select
        extract(year from business_date) as year,
        sum(net_amount_chain) as identified
    from {{ ref('fct_sales') }}
    where customer_id is not null
    group by extract(year from business_date)
)

select
    years.year,
    sold.year as year_sold,
    years.in_years,
    sold.identified
from years
full outer join sold on years.year = sold.year
where coalesce(years.in_years, 0) <> coalesce(sold.identified, 0)
