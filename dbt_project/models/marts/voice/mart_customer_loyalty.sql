select
    placed.customer_id,
    placed.product_series as series,
    placed.calendar_year as year,
    placed.purchase_days,
    placed.net_spend,
    placed.attitude_mean_100 as attitude,
    placed.attitude_level,
    placed.repeat_level,
    placed.quadrant,
    coverage.coverage_pct,
    context.as_of
from {{ ref('int_loyalty__customers_placed') }} as placed
cross join {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_sales__coverage_measured') }} as coverage
    on placed.calendar_year = coverage.calendar_year
