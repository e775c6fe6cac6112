with ranked as (
    select
        *,
        {{ version_rank(['lifecycle', 'stage', 'action']) }} as version_rank
    from {{ source('reference', 'ref_stage_policy') }}
)

select
    lifecycle,
    stage,
    action,
    priority,
    channel,
    owner,
    reason,
    updated_at,
    load_id,
    file_row
from ranked
where version_rank = 1
