-- Sheet 忠诚度: what is said of a series beside how often its buyers come back to it.
with bought as (
    select
        customer_id,
        series,
        cast(extract(year from business_date) as integer) as calendar_year,
        count(distinct business_date) as days_bought
    from {{ ref('int_baskets__series_listed') }}
    where customer_id is not null
    group by customer_id, series, cast(extract(year from business_date) as integer)
),

repeated as (
    select
        series,
        calendar_year,
        count(*) as buyers,
        count(case when days_bought >= 2 then 1 end) as repeat_buyers
    from bought
    group by series, calendar_year
)

select
    coalesce(attitudes.product_series, repeated.series) as series,
    cast(coalesce(attitudes.calendar_year, repeated.calendar_year) as integer) as year,
    case when attitudes.n >= limits.value_number then attitudes.attitude_mean_100 end
        as attitude_mean_100,
    case when attitudes.n = 0 or attitudes.n >= limits.value_number then attitudes.n end
        as attitude_answers,
    cast(repeated.repeat_buyers as double) / repeated.buyers as repeat_rate,
    cast(coalesce(repeated.buyers, 0) as integer) as buyers,
    coverage.coverage_pct,
    context.as_of
from {{ ref('int_surveys__series_attitudes_listed') }} as attitudes
full outer join repeated
    on
        attitudes.product_series = repeated.series
        and attitudes.calendar_year = repeated.calendar_year
cross join {{ ref('int_build__context_stated') }} as context
inner join {{ ref('int_parameters__periods_dated') }} as limits
    on
        limits.code = 'anonymity_min_cell'
        and context.as_of >= limits.valid_from
        and context.as_of < limits.valid_before
left join {{ ref('int_sales__coverage_measured') }} as coverage
    on coalesce(attitudes.calendar_year, repeated.calendar_year) = coverage.calendar_year
