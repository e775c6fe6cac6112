with ranked as (
    select
        *,
        {{ version_rank(['complaint_id']) }} as version_rank
    from {{ source('complaints', 'complaints') }}
)

select
    complaint_id,
    received_at,
    received_at_is_utc,
    {{ clean_code('channel') }} as channel,
    customer_id,
    store_id,
    product_code,
    receipt_id,
    {{ clean_code('type') }} as complaint_type,
    {{ clean_code('cause') }} as cause,
    coalesce({{ clean_code('complexity') }}, 'general') as complexity,
    severity,
    handler_id,
    verbatim,
    {{ clean_text('city') }} as city,
    updated_at,
    load_id,
    file_row
from ranked
where version_rank = 1
