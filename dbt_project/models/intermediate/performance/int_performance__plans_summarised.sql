-- A plan is done on the day of its last milestone, when none is open on as_of.
select
    plans.plan_id,
    max(plans.kind) as kind,
    max(plans.title) as title,
    max(plans.owner_id) as owner_id,
    min(plans.start_date) as start_date,
    max(plans.due_date) as due_date,
    case
        when count(*) = count(case when plans.done_date <= context.as_of then 1 end)
            then max(plans.done_date)
    end as done_date,
    {% for text in ['question', 'method', 'result', 'decision'] %}
    max(nullif(trim(plans.{{ text }}), '')) as {{ text }},
    {% endfor %}
    cast(count(*) as integer) as milestones
from {{ ref('stg_reference__plans') }} as plans
cross join {{ ref('int_build__context_stated') }} as context
group by plans.plan_id, context.as_of
