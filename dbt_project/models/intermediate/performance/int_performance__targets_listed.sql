select
    target_id,
    statement,
    metric,
    unit,
    baseline_value,
    target_value,
    start_date,
    due_date,
    owner_id,
    strategy_link,
    horizon,
    parent_id,
    region,
    store_id
from {{ ref('stg_reference__targets') }}
