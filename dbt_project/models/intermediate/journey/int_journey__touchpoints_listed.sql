select
    touchpoint_no,
    touchpoint,
    name_zh
from {{ ref('ref_journey_touchpoints') }}
