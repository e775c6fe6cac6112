with ranked as (
    select
        *,
        {{ version_rank(['type', 'about']) }} as version_rank
    from {{ source('reference', 'ref_complaint_map') }}
)

select
    type as complaint_type,
    about,
    class3,
    reason,
    updated_at,
    load_id,
    file_row
from ranked
where version_rank = 1
