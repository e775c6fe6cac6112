select
    found.complaint_id,
    complaints.store_id,
    complaints.complaint_type,
    complaints.received_date,
    found.resolved_at,
    found.verify_due_date,
    found.is_verified as verified,
    found.verified_at,
    found.verified_by,
    found.post_resolution_csat,
    found.is_reopened as reopened,
    found.is_closed_unverified as closed_unverified,
    recurrences.previous_complaint_id,
    recurrences.is_recurrence as recurrence,
    recurrences.has_recurred as recurred,
    context.as_of
from {{ ref('int_complaints__verifications_found') }} as found
inner join {{ ref('fct_complaint') }} as complaints on found.complaint_id = complaints.complaint_id
inner join {{ ref('int_complaints__recurrences_found') }} as recurrences
    on found.complaint_id = recurrences.complaint_id
cross join {{ ref('int_build__context_stated') }} as context
