select
    placed.product_series as series,
    placed.calendar_year as year,
    placed.quadrant,
    cast(count(*) as integer) as customers,
    cast(sum(placed.net_spend) as decimal(18, 2)) as net_spend,
    max(coverage.coverage_pct) as coverage_pct,
    context.as_of
from {{ ref('int_loyalty__customers_placed') }} as placed
cross join {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_sales__coverage_measured') }} as coverage
    on placed.calendar_year = coverage.calendar_year
group by placed.product_series, placed.calendar_year, placed.quadrant, context.as_of
