with ranked as (
    select
        *,
        {{ version_rank(['store_id', 'receipt_id']) }} as version_rank
    from {{ source('reference', 'ref_service_times') }}
)

select
    store_id,
    receipt_id,
    ordered_at,
    ordered_at_is_utc,
    served_at,
    served_at_is_utc,
    updated_at,
    load_id,
    file_row
from ranked
where version_rank = 1
