-- Whoever works or worked for the chain; the last day is a day of work.
select
    people.record_id as staff_id,
    people.team,
    people.store_id,
    people.staff_role,
    people.joined_date,
    people.left_date,
    people.joined_date <= context.as_of and coalesce(people.left_date >= context.as_of, true)
        as is_employed
from {{ ref('stg_reference__staff') }} as people
cross join {{ ref('int_build__context_stated') }} as context
where people.record_kind = 'person'
