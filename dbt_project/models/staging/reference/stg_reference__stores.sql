with ranked as (
    select
        *,
        {{ version_rank(['store_id'], updated_at=none) }} as version_rank
    from {{ source('reference', 'stores') }}
)

select
    store_id,
    name as store_name,
    timezone,
    country,
    province,
    city,
    region,
    latitude,
    longitude,
    opened_at as opened_date,
    closed_at as closed_date,
    offers_takeaway,
    self_service as has_self_service,
    equipment,
    load_id,
    file_row
from ranked
where version_rank = 1
