-- Opens on the day after the last day for verification; a reopening takes the solution back.
select
    'VERIFY_DUE' as alert_code,
    case when complaints.store_id is null then 'chain' else 'store' end as entity_type,
    coalesce(complaints.store_id, 'own') as entity_id,
    {{ add_days('found.verify_due_date', 1) }} as started_date,
    found.verified_date as ended_date,
    cast(
        {{ days_between('found.resolved_date', 'coalesce(found.verified_date, context.as_of)') }}
        as double
    ) as measure,
    cast(found.verify_days as double) as threshold,
    'every solution was verified' as healed_by
from {{ ref('int_complaints__verifications_found') }} as found
inner join {{ ref('int_complaints__received_localised') }} as complaints
    on found.complaint_id = complaints.complaint_id
cross join {{ ref('int_build__context_stated') }} as context
where
    found.verify_due_date < context.as_of
    and coalesce(found.verified_date, context.as_of) > found.verify_due_date
