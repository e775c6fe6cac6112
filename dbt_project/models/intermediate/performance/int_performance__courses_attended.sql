-- A result of somebody whom the staff register does not know counts nowhere. Where the register
-- was never delivered nobody can tell.
select
    training.course_id,
    training.staff_id,
    training.held_date,
    training.title,
    training.kind,
    training.training_mode,
    training.topic,
    training.hours,
    training.has_passed,
    training.kpi,
    training.kpi_before,
    training.kpi_after,
    people.staff_id is not null or not delivered.is_delivered as is_known
from {{ ref('stg_reference__training') }} as training
inner join {{ ref('int_loads__feeds_delivered') }} as delivered
    on delivered.feed = 'ref_staff'
left join {{ ref('int_performance__people_listed') }} as people
    on training.staff_id = people.staff_id
