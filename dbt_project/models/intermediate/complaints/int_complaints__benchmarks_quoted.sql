select
    code,
    low,
    high,
    unit
from {{ ref('ref_benchmarks') }}
where code like 'comp%' or code like 'fb%'
