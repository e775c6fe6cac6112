select
    events.complaint_id,
    events.step,
    events.occurred_at,
    events.occurred_date,
    cast(events.step_no as integer) as step_no,
    events.actor,
    events.follow_up_score,
    events.held_back_reason,
    events.load_id
from {{ ref('int_complaints__events_placed') }} as events
