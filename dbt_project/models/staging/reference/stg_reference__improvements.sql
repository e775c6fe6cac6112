with ranked as (
    select
        *,
        {{ version_rank(['improvement_id']) }} as version_rank
    from {{ source('reference', 'ref_improvements') }}
)

select
    improvement_id,
    title,
    source_kind,
    source_ids,
    dimension,
    store_id,
    product_series,
    owner_id,
    due_date,
    plan_date,
    do_date,
    check_date,
    act_date,
    metric,
    unit,
    metric_before,
    metric_after,
    updated_at,
    load_id,
    file_row
from ranked
where version_rank = 1
