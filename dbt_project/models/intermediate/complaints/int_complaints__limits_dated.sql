select
    complaints.complaint_id,
    {{ add_hours('complaints.received_at', 'response.value_number') }} as due_response,
    {{ add_hours('complaints.received_at', 'resolve.value_number') }} as due_resolve
from {{ ref('int_complaints__received_localised') }} as complaints
inner join {{ ref('int_complaints__complexity_assessed') }} as assessed
    on complaints.complaint_id = assessed.complaint_id
left join {{ ref('int_parameters__periods_dated') }} as response
    on
        response.code = 'sla_response_hours_' || assessed.assessed_complexity
        and cast(complaints.received_at_local as date) >= response.valid_from
        and cast(complaints.received_at_local as date) < response.valid_before
left join {{ ref('int_parameters__periods_dated') }} as resolve
    on
        resolve.code = 'sla_resolve_hours_' || assessed.assessed_complexity
        and cast(complaints.received_at_local as date) >= resolve.valid_from
        and cast(complaints.received_at_local as date) < resolve.valid_before
