select
    code,
    low,
    high,
    unit,
    placement,
    quality,
    note
from {{ ref('ref_benchmarks') }}
