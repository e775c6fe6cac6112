with ranked as (
    select
        *,
        {{ version_rank(['channel']) }} as version_rank
    from {{ source('reference', 'ref_channels') }}
)

select
    channel,
    name as channel_name,
    channel_class,
    kind,
    is_new,
    reach,
    owner_id,
    from_date,
    to_date,
    updated_at,
    load_id,
    file_row
from ranked
where version_rank = 1
