with ranked as (
    select
        *,
        {{ version_rank(['customer_id', 'purpose', 'channel', 'given_at']) }} as version_rank
    from {{ source('reference', 'ref_consents') }}
)

select
    customer_id,
    purpose,
    {{ clean_code('channel') }} as channel,
    given_at,
    given_at_is_utc,
    withdrawn_at,
    withdrawn_at_is_utc,
    basis,
    collection_mode,
    source_name,
    contact_from,
    contact_to,
    erasure_requested_at,
    erasure_requested_at_is_utc,
    updated_at,
    load_id,
    file_row
from ranked
where version_rank = 1
