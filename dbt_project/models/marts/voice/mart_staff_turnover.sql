select
    months.store_id,
    months.month_start,
    months.staff_count,
    months.leavers,
    months.staff_turnover,
    months.customers_held,
    months.customers_lost,
    months.customer_churn,
    coverage.coverage_pct,
    context.as_of
from {{ ref('int_programme__staff_months_counted') }} as months
cross join {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_sales__coverage_measured') }} as coverage
    on extract(year from months.month_start) = coverage.calendar_year
