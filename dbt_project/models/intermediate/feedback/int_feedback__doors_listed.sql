-- Doors of the house and whatever else customers came through.
with used as (
    select door
    from {{ ref('int_feedback__items_gathered') }}
    where door is not null
    group by door
)

select
    coalesce(doors.door, used.door) as door,
    coalesce(doors.name_zh, used.door) as name_zh,
    doors.door is not null as is_configured,
    coalesce(doors.takes_complaints, false) as takes_complaints
from {{ ref('ref_feedback_doors') }} as doors
full outer join used on doors.door = used.door
