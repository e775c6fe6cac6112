with ranked as (
    select
        *,
        {{ version_rank(['stage5', 'reactivated']) }} as version_rank
    from {{ source('reference', 'ref_lifecycle_map') }}
)

select
    stage5,
    reactivated as is_reactivated,
    stage_5_1,
    stage_6_3,
    stage_7_4,
    updated_at,
    load_id,
    file_row
from ranked
where version_rank = 1
