select
    counted.period_kind,
    counted.period_start,
    counted.dimension,
    counted.member,
    counted.buyers,
    counted.repeat_buyers,
    cast(counted.repeat_buyers as double) / counted.buyers as repurchase_rate,
    benchmarks.repurchase_rate as benchmark_rate,
    coverage.coverage_pct,
    context.as_of
from {{ ref('int_retention__repurchases_counted') }} as counted
cross join {{ ref('int_churn__benchmarks_listed') }} as benchmarks
cross join {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_sales__coverage_measured') }} as coverage
    on extract(year from counted.period_start) = coverage.calendar_year
