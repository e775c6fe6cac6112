with ranked as (
    select
        *,
        {{ version_rank(['prospect_id']) }} as version_rank
    from {{ source('reference', 'ref_prospects') }}
)

select
    prospect_id,
    first_contact_date,
    search_method,
    {{ clean_code('source_channel') }} as source_channel,
    campaign_id,
    partner_id,
    referrer_id,
    store_id,
    segment,
    intent_date,
    intent_signal,
    expected_value,
    expected_date,
    customer_id,
    converted_date,
    lost_date,
    updated_at,
    load_id,
    file_row
from ranked
where version_rank = 1
