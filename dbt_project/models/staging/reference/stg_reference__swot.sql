with ranked as (
    select
        *,
        {{ version_rank(['review_id', 'quadrant', 'item_no']) }} as version_rank
    from {{ source('reference', 'ref_swot') }}
)

select
    review_id,
    quadrant,
    item_no,
    reviewed_date,
    finding,
    evidence,
    owner_id,
    updated_at,
    load_id,
    file_row
from ranked
where version_rank = 1
