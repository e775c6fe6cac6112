select
    indexed.customer_id,
    indexed.calendar_year as year,
    indexed.loyalty_index,
    indexed.index_basis,
    indexed.retention,
    indexed.frequency,
    indexed.attitude,
    indexed.recommendation,
    indexed.weight_retention,
    indexed.weight_frequency,
    indexed.weight_attitude,
    indexed.weight_recommendation,
    indexed.preference_share,
    indexed.tenure_days,
    coverage.coverage_pct,
    context.as_of
from {{ ref('int_retention__loyalty_indexed') }} as indexed
cross join {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_sales__coverage_measured') }} as coverage
    on indexed.calendar_year = coverage.calendar_year
