select
    told.prospect_id,
    told.first_contact_date,
    told.search_method,
    told.source_channel,
    told.campaign_id,
    told.partner_id,
    coalesce(referrers.customer_id, told.referrer_id) as referrer_id,
    told.store_id,
    told.segment,
    told.intent_date,
    told.intent_signal,
    told.expected_value,
    told.expected_date,
    coalesce(merged.customer_id, told.customer_id) as customer_id,
    told.converted_date,
    told.lost_date,
    told.updated_at,
    told.load_id,
    told.file_row
from {{ ref('stg_reference__prospects') }} as told
left join {{ ref('int_customers__numbers_merged') }} as referrers
    on told.referrer_id = referrers.member_id
left join {{ ref('int_customers__numbers_merged') }} as merged
    on told.customer_id = merged.member_id
