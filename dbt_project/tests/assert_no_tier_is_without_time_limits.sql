{{ config(meta={'requirements': ['TIER-09']}) }}

-- Limits may change with the date and the complexity of a complaint, never with the tier.
select
    complaints.received_date,
    complaints.assessed_complexity,
    min({{ seconds_between('sla.received_at', 'sla.due_response') }}) as shortest,
    max({{ seconds_between('sla.received_at', 'sla.due_response') }}) as longest
from {{ ref('mart_complaint_sla') }} as sla
inner join {{ ref('fct_complaint') }} as complaints on sla.complaint_id = complaints.complaint_id
group by complaints.received_date, complaints.assessed_complexity
having
    count(sla.due_response) < count(*)
    or count(sla.due_resolve) < count(*)
    or min({{ seconds_between('sla.received_at', 'sla.due_response') }})
    <> max({{ seconds_between('sla.received_at', 'sla.due_response') }})
    or min({{ seconds_between('sla.received_at', 'sla.due_resolve') }})
    <> max({{ seconds_between('sla.received_at', 'sla.due_resolve') }})
