select
    code,
    low,
    high
from {{ ref('ref_benchmarks') }}
where code in (select kpis.benchmark_code from {{ ref('ref_kpis') }} as kpis)
