-- A series that was sold and about which nobody was asked has n 0 and no attitude.
with sold as (
    select distinct
        product_series,
        calendar_year
    from {{ ref('int_sales__series_years_summarised') }}
    where product_series <> 'UNKNOWN'
),

asked as (
    select
        product_series,
        calendar_year,
        sum(answers) as n,
        cast(sum(score_sum) as double) / sum(answers) as attitude_mean_100
    from {{ ref('int_surveys__attitudes_summarised') }}
    group by product_series, calendar_year
)

select
    coalesce(sold.product_series, asked.product_series) as product_series,
    coalesce(sold.calendar_year, asked.calendar_year) as calendar_year,
    sold.product_series is not null as is_sold,
    cast(coalesce(asked.n, 0) as integer) as n,
    asked.attitude_mean_100
from sold
full outer join asked
    on sold.product_series = asked.product_series and sold.calendar_year = asked.calendar_year
