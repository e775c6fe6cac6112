select
    stage_no,
    stage,
    name_zh
from {{ ref('ref_warning_stages') }}
