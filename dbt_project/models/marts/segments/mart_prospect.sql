select
    prospects.prospect_id,
    prospects.first_contact_date,
    prospects.search_method,
    prospects.source_channel,
    prospects.segment,
    prospects.store_id,
    prospects.intent_date,
    prospects.prospect_state,
    prospects.customer_id,
    prospects.converted_date,
    prospects.is_linked_before,
    scores.look_alike_score,
    scores.basis as look_alike_basis,
    cast(scores.alike_customers as integer) as alike_customers,
    context.as_of
from {{ ref('int_segments__prospects_linked') }} as prospects
cross join {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_segments__lookalikes_scored') }} as scores
    on prospects.prospect_id = scores.prospect_id
