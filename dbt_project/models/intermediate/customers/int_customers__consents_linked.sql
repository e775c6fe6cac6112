select
    coalesce(merged.customer_id, told.customer_id) as customer_id,
    told.purpose,
    told.channel,
    told.given_at,
    told.given_at_is_utc,
    told.withdrawn_at,
    told.withdrawn_at_is_utc,
    told.basis,
    told.collection_mode,
    told.source_name,
    told.contact_from,
    told.contact_to,
    told.erasure_requested_at,
    told.erasure_requested_at_is_utc,
    told.updated_at,
    told.load_id,
    told.file_row
from {{ ref('stg_reference__consents') }} as told
left join {{ ref('int_customers__numbers_merged') }} as merged
    on told.customer_id = merged.member_id
