with ranked as (
    select
        *,
        {{ version_rank(['course_id', 'staff_id', 'held_date']) }} as version_rank
    from {{ source('reference', 'ref_training') }}
)

select
    course_id,
    staff_id,
    held_date,
    title,
    kind,
    mode as training_mode,
    topic,
    hours,
    result_date,
    score,
    passed as has_passed,
    kpi,
    kpi_before,
    kpi_after,
    updated_at,
    load_id,
    file_row
from ranked
where version_rank = 1
