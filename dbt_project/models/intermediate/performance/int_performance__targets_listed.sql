-- Targets of the whole chain; those of a region or a store are parts of them.
select
    target_id,
    metric,
    unit,
    target_value,
    start_date,
    due_date
from {{ ref('stg_reference__targets') }}
where store_id is null and region is null
