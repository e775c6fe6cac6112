select
    staff_id,
    store_id,
    joined_date,
    left_date
from {{ ref('stg_reference__staff') }}
where record_kind = 'person' and store_id is not null
