-- A year without a purchase between others stands with 0 and inactive; it is not missing.
with pairs as (
    select
        customer_id,
        product_series,
        min(calendar_year) as first_year
    from {{ ref('int_sales__series_years_summarised') }}
    where customer_id is not null
    group by customer_id, product_series
),

years as (
    select
        pairs.customer_id,
        pairs.product_series,
        calendar.calendar_year,
        coalesce(bought.receipts, 0) as receipts,
        coalesce(bought.items, 0) as items,
        case when bought.customer_id is null then 0 else bought.net_spend end as net_spend
    from pairs
    inner join {{ ref('int_build__years_listed') }} as calendar
        on pairs.first_year <= calendar.calendar_year
    left join {{ ref('int_sales__series_years_summarised') }} as bought
        on
            pairs.customer_id = bought.customer_id
            and pairs.product_series = bought.product_series
            and calendar.calendar_year = bought.calendar_year
)

select
    years.customer_id,
    years.product_series,
    years.calendar_year as year,
    case when years.receipts > 0 then 'active' else 'inactive' end as activity,
    years.receipts,
    cast(years.items as decimal(18, 3)) as items,
    cast(years.net_spend as decimal(18, 2)) as net_spend,
    cast(
        lag(years.net_spend, 1) over (
            partition by years.customer_id, years.product_series
            order by years.calendar_year asc
        ) as decimal(18, 2)
    ) as net_spend_1_year_before,
    cast(
        lag(years.net_spend, 2) over (
            partition by years.customer_id, years.product_series
            order by years.calendar_year asc
        ) as decimal(18, 2)
    ) as net_spend_2_years_before,
    coverage.coverage_pct,
    context.chain_currency as currency,
    context.as_of
from years
cross join {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_sales__coverage_measured') }} as coverage
    on years.calendar_year = coverage.calendar_year
