select
    attitude_level,
    repeat_level,
    quadrant,
    name_zh,
    placement,
    cause,
    cure
from {{ ref('ref_loyalty_quadrants') }}
