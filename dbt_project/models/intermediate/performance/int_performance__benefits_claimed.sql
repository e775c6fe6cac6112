select
    code,
    low as claimed_change,
    seed_ref,
    quality,
    note as reading
from {{ ref('ref_benchmarks') }}
where code like 'econ_21%'
