select
    staff_id,
    max(store_id) as store_id,
    max(left_date) as left_date
from {{ ref('stg_reference__staff') }}
where record_kind = 'person' and left_date is not null
group by staff_id
