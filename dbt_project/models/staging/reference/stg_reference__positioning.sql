with ranked as (
    select
        *,
        {{ version_rank(['segment', 'valid_from']) }} as version_rank
    from {{ source('reference', 'ref_positioning') }}
)

select
    segment,
    valid_from as valid_from_date,
    is_target,
    product,
    price,
    channel,
    service,
    communication,
    rivals,
    review_date,
    owner_id,
    updated_at,
    load_id,
    file_row
from ranked
where version_rank = 1
