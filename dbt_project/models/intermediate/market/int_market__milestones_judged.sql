{% set parts = [
    'entry_mode', 'promotion', 'sales_network', 'channel', 'resources', 'risk_measure',
] %}

-- A plan is whole where each of its parts is stated by one of its milestones, and every milestone
-- has somebody who answers for it. Late is what is done after its day, or not yet by as_of.
with plans as (
    select
        plan_id,
        {% for part in parts %}
        max({{ part }}) as {{ part }},
        {% endfor %}
        max(case when owner_id is null then 1 else 0 end) as has_no_owner
    from {{ ref('stg_reference__plans') }}
    where kind = 'expansion'
    group by plan_id
),

judged as (
    select
        plan_id,
        concat(
            {% for part in parts %}
            case when {{ part }} is null then ', {{ part }}' else '' end,
            {% endfor %}
            case when has_no_owner = 1 then ', owner' else '' end
        ) as missing_parts
    from plans
)

select
    milestones.plan_id,
    milestones.milestone_no,
    milestones.title,
    milestones.milestone,
    milestones.stage,
    milestones.owner_id,
    milestones.region,
    milestones.store_id,
    milestones.entry_mode,
    milestones.start_date,
    milestones.due_date,
    case when milestones.done_date <= context.as_of then milestones.done_date end as done_date,
    greatest(
        {{ days_between(
            'milestones.due_date',
            'case when milestones.done_date <= context.as_of then milestones.done_date'
            ' else context.as_of end'
        ) }}, 0
    ) as days_late,
    nullif(substr(judged.missing_parts, 3), '') as missing_parts
from {{ ref('stg_reference__plans') }} as milestones
inner join judged on milestones.plan_id = judged.plan_id
cross join {{ ref('int_build__context_stated') }} as context
where milestones.kind = 'expansion'
