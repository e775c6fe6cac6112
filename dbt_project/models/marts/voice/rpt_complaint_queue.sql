select
    complaints.complaint_id,
    complaints.received_date,
    complaints.store_id,
    complaints.delivered_type,
    case
        when complaints.delivered_type is null then 'no type'
        else 'type is none of the five'
    end as reason,
    complaints.is_open,
    context.as_of
from {{ ref('fct_complaint') }} as complaints
cross join {{ ref('int_build__context_stated') }} as context
where complaints.complaint_type = 'UNCLASSIFIED'
