select
    factor_no,
    factor_kind,
    factor,
    factor_zh,
    kpi
from {{ ref('ref_success_factors') }}
