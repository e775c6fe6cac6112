with ranked as (
    select
        *,
        {{ version_rank(['review_id', 'factor', 'item_no']) }} as version_rank
    from {{ source('reference', 'ref_pestel') }}
)

select
    review_id,
    factor,
    item_no,
    reviewed_date,
    finding,
    evidence,
    impact,
    owner_id,
    updated_at,
    load_id,
    file_row
from ranked
where version_rank = 1
