with ranked as (
    select
        *,
        {{ version_rank(['complaint_id', 'step', quoted('at')], updated_at=none) }}
            as version_rank
    from {{ source('complaints', 'complaint_events') }}
)

select
    complaint_id,
    step,
    {{ quoted('at') }} as occurred_at,
    at_is_utc as occurred_at_is_utc,
    actor,
    note,
    score as follow_up_score,
    load_id,
    file_row
from ranked
where version_rank = 1
