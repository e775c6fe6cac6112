with sold as (
    select
        product_series,
        calendar_year,
        count(case when customer_id is not null and receipts > 0 then 1 end) as customers,
        sum(net_spend) as net_sales,
        sum(case when customer_id is not null then net_spend else 0 end) as net_spend
    from {{ ref('int_sales__series_years_summarised') }}
    group by product_series, calendar_year
),

series as (
    select
        product_series,
        min(calendar_year) as first_year
    from sold
    group by product_series
),

years as (
    select
        series.product_series,
        calendar.calendar_year,
        coalesce(sold.customers, 0) as customers,
        case when sold.product_series is null then 0 else sold.net_sales end as net_sales,
        case when sold.product_series is null then 0 else sold.net_spend end as net_spend
    from series
    inner join {{ ref('int_build__years_listed') }} as calendar
        on series.first_year <= calendar.calendar_year
    left join sold
        on
            series.product_series = sold.product_series
            and calendar.calendar_year = sold.calendar_year
)

select
    years.product_series,
    years.calendar_year as year,
    cast(years.customers as integer) as customers,
    cast(years.net_sales as decimal(18, 2)) as net_sales,
    {% for before in [1, 2] %}
    cast(
        lag(years.net_sales, {{ before }}) over (
            partition by years.product_series
            order by years.calendar_year asc
        ) as decimal(18, 2)
    ) as net_sales_{{ before }}_year{{ "s" if before > 1 }}_before,
    {% endfor %}
    cast(years.net_spend as double) / nullif(cast(years.net_sales as double), 0) as coverage_pct,
    context.chain_currency as currency,
    context.as_of
from years
cross join {{ ref('int_build__context_stated') }} as context
