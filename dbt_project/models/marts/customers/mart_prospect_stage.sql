select
    prospects.prospect_id,
    prospects.customer_id,
    prospects.stage5,
    names5.name_zh as stage5_zh,
    prospects.stage4,
    names4.name_zh as stage4_zh,
    prospects.first_contact_date,
    prospects.first_intent_date,
    prospects.intent_signal,
    prospects.first_purchase_date,
    prospects.partner_id,
    prospects.contacts,
    context.as_of
from {{ ref('int_lifecycle__prospects_staged') }} as prospects
cross join {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_lifecycle__stages_named') }} as names4
    on prospects.stage4 = names4.stage and names4.model = 'stage4'
left join {{ ref('int_lifecycle__stages_named') }} as names5
    on prospects.stage5 = names5.stage and names5.model = 'stage5'
