select
    model,
    stage,
    stage_no,
    name_zh
from {{ ref('ref_lifecycle_stages') }}
