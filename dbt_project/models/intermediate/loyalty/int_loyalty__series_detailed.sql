select
    details.series as product_series,
    details.equipment,
    quadrants.quadrant as expected_quadrant
from {{ ref('ref_series_details') }} as details
left join {{ ref('ref_benchmarks') }} as benchmarks on details.benchmark_code = benchmarks.code
left join {{ ref('ref_loyalty_quadrants') }} as quadrants
    on benchmarks.placement = quadrants.placement
