with ranked as (
    select
        events.*,
        row_number() over (
            partition by events.complaint_id, events.step, events."at"
            order by
                events.exported_at desc nulls last,
                events.row_hash desc,
                events.load_id asc,
                events.file_row asc
        ) as version_rank
    from {{ source('complaints', 'complaint_events') }} as events
)

select
    complaint_id,
    step,
    "at" as occurred_at,
    at_is_utc as occurred_at_is_utc,
    actor,
    note,
    score as follow_up_score,
    load_id,
    file_row
from ranked
where version_rank = 1
