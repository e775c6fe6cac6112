-- Members of the teams of plans in force, and whether their crisis training still holds.
with positions as (
    select cast(generated_number as integer) as part_no
    from ({{ numbers(50) }}) as counted
),

members as (
    select distinct
        plans.crisis_type,
        trim({{ text_part('plans.team_ids', ';', 'positions.part_no') }}) as staff_id
    from {{ ref('int_crisis__records_localised') }} as plans
    cross join positions
    cross join {{ ref('int_build__context_stated') }} as context
    where
        plans.record_kind = 'plan'
        and coalesce(plans.valid_from_date, context.as_of) <= context.as_of
        and trim({{ text_part('plans.team_ids', ';', 'positions.part_no') }}) <> ''
)

select
    members.crisis_type,
    members.staff_id,
    max(training.held_date) as trained_date,
    count(training.held_date) > 0 as is_trained
from members
cross join {{ ref('int_feedback__rules_dated') }} as rules
left join {{ ref('stg_reference__training') }} as training
    on
        members.staff_id = training.staff_id
        and training.topic = 'crisis'
        and coalesce(training.has_passed, false)
        and rules.as_of >= training.held_date
        and training.held_date
        > {{ add_days('rules.as_of', '-cast(rules.crisis_training_valid_days as integer)') }}
group by members.crisis_type, members.staff_id
