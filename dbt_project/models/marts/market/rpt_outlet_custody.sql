-- left_date is the last day: from the next one on somebody else must look after the outlet.
select
    outlets.outlet_id,
    outlets.dealer_id,
    outlets.rep_id,
    outlets.served_by,
    outlets.opened_date,
    outlets.submitted_date,
    outlets.is_without_record,
    outlets.has_rep_left,
    outlets.rep_left_date,
    outlets.has_dealer_left,
    outlets.dealer_left_date,
    outlets.has_rep_left or outlets.has_dealer_left as needs_reassignment,
    case when delivered.is_delivered then 'listed' else 'no data' end as status,
    context.as_of
from {{ ref('int_loads__feeds_delivered') }} as delivered
cross join {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_partners__outlets_kept') }} as outlets
    on
        delivered.is_delivered
        and (outlets.is_without_record or outlets.has_rep_left or outlets.has_dealer_left)
where
    delivered.feed = 'ref_partners'
    and (outlets.outlet_id is not null or not delivered.is_delivered)
