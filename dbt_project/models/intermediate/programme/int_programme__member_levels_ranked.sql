select
    level,
    level_no,
    cast(level_no - 1 as double) / nullif(max(level_no) over () - 1, 0) as level_share
from {{ ref('ref_member_levels') }}
