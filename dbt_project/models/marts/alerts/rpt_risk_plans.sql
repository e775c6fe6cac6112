{% set parts = ['identification', 'steps', 'duties', 'resources', 'communication'] %}

-- A plan that was never drilled is as old as itself.
with plans as (
    select
        listed.plan_id,
        listed.risk_id,
        listed.owner_id,
        listed.valid_from_date,
        case when listed.drilled_date <= rules.as_of then listed.drilled_date end as drilled_date,
        concat(
            {% for part in parts %}
            case when coalesce(trim(listed.{{ part }}), '') = '' then '{{ part }}, ' else '' end
            {{ ',' if not loop.last }}
            {% endfor %}
        ) as missing
    from {{ ref('int_alerts__risk_plans_listed') }} as listed
    cross join {{ ref('int_alerts__rules_dated') }} as rules
    where listed.valid_from_date <= rules.as_of
)

select
    plans.plan_id,
    plans.risk_id,
    plans.owner_id,
    plans.valid_from_date,
    plans.missing = '' as is_complete,
    case when plans.missing <> '' then substr(plans.missing, 1, length(plans.missing) - 2) end
        as missing_parts,
    plans.drilled_date,
    {{ add_days(
        'coalesce(plans.drilled_date, plans.valid_from_date)',
        'cast(rules.risk_drill_days as integer)'
    ) }} as drill_due_date,
    {{ days_between('coalesce(plans.drilled_date, plans.valid_from_date)', 'rules.as_of') }}
    > rules.risk_drill_days as is_drill_overdue,
    case when delivered.is_delivered then 'planned' else 'no data' end as status,
    rules.as_of
from {{ ref('int_loads__feeds_delivered') }} as delivered
cross join {{ ref('int_alerts__rules_dated') }} as rules
left join plans on delivered.is_delivered
where
    delivered.feed = 'ref_risk_plans'
    and (plans.plan_id is not null or not delivered.is_delivered)
