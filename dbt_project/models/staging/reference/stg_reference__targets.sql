with ranked as (
    select
        *,
        {{ version_rank(['target_id']) }} as version_rank
    from {{ source('reference', 'ref_targets') }}
)

select
    target_id,
    statement,
    metric,
    unit,
    baseline as baseline_value,
    target as target_value,
    start as start_date,
    due as due_date,
    owner_id,
    strategy_link,
    horizon,
    parent_id,
    region,
    store_id,
    standard_version,
    grade_a_from,
    grade_b_from,
    grade_c_from,
    updated_at,
    load_id,
    file_row
from ranked
where version_rank = 1
