select
    improvement_id,
    title,
    source_kind,
    lower(trim(dimension)) as dimension,
    store_id,
    owner_id,
    due_date,
    plan_date,
    do_date,
    check_date,
    act_date,
    metric,
    unit,
    metric_before,
    metric_after
from {{ ref('stg_reference__improvements') }}
