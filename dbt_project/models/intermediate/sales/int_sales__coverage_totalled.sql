select
    count(*) > 0 as has_sales,
    cast(sum(identified_net_amount) as double)
    / nullif(cast(sum(total_net_amount) as double), 0) as coverage_pct
from {{ ref('int_sales__coverage_measured') }}
