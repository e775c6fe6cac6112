select
    milestones.plan_id,
    cast(milestones.milestone_no as integer) as milestone_no,
    milestones.title,
    milestones.milestone,
    milestones.stage,
    milestones.owner_id,
    milestones.region,
    milestones.entry_mode,
    milestones.start_date,
    milestones.due_date,
    milestones.done_date,
    cast(milestones.days_late as integer) as days_late,
    case
        when not delivered.is_delivered then 'no data'
        when milestones.days_late > 0 and milestones.done_date is null then 'late'
        when milestones.done_date is null then 'open'
        when milestones.days_late > 0 then 'done late'
        else 'done'
    end as status,
    milestones.missing_parts,
    case
        when milestones.plan_id is null then null
        when milestones.missing_parts is null then 'complete'
        else 'incomplete'
    end as plan_status,
    context.as_of
from {{ ref('int_loads__feeds_delivered') }} as delivered
cross join {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_market__milestones_judged') }} as milestones on delivered.is_delivered
where
    delivered.feed = 'ref_plans'
    and (milestones.plan_id is not null or not delivered.is_delivered)
