-- A course that was failed is none.
select
    training.staff_id,
    training.held_date
from {{ ref('stg_reference__training') }} as training
cross join {{ ref('int_build__context_stated') }} as context
where
    training.topic = 'security'
    and coalesce(training.has_passed, true)
    and training.held_date <= context.as_of
