-- The five steps are a view on the six: a step of five is reached with the first of its events and
-- done with the last of them.
with names as (
    select
        five.five_step_no,
        max(five.name_zh) as name_zh,
        {{ text_list('steps.name_zh', '+', 'steps.step_no, steps.step') }} as six_step_names_zh
    from {{ ref('ref_complaint_five_steps') }} as five
    inner join {{ ref('ref_complaint_steps') }} as steps on five.step = steps.step
    group by five.five_step_no
),

happened as (
    select
        events.complaint_id,
        five.five_step_no,
        min(events.occurred_at) as reached_at,
        max(events.occurred_at) as done_at
    from {{ ref('int_complaints__events_placed') }} as events
    inner join {{ ref('ref_complaint_five_steps') }} as five on events.step = five.step
    where events.held_back_reason is null
    group by events.complaint_id, five.five_step_no
)

select
    complaints.complaint_id,
    names.five_step_no,
    names.name_zh,
    names.six_step_names_zh,
    case
        when names.five_step_no = 1 then coalesce(happened.reached_at, complaints.received_at)
        else happened.reached_at
    end as reached_at,
    case
        when names.five_step_no = 1 then coalesce(happened.done_at, complaints.received_at)
        else happened.done_at
    end as done_at
from {{ ref('int_complaints__received_localised') }} as complaints
cross join names
left join happened
    on
        complaints.complaint_id = happened.complaint_id
        and names.five_step_no = happened.five_step_no
