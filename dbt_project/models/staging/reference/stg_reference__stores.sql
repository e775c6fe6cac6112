with ranked as (
    select
        *,
        row_number() over (
            partition by store_id
            order by
                exported_at desc nulls last,
                row_hash desc,
                load_id asc,
                file_row asc
        ) as version_rank
    from {{ source('reference', 'stores') }}
)

select
    store_id,
    name as store_name,
    timezone,
    country,
    province,
    city,
    region,
    latitude,
    longitude,
    opened_at as opened_date,
    closed_at as closed_date,
    offers_takeaway,
    self_service as has_self_service,
    equipment,
    load_id,
    file_row
from ranked
where version_rank = 1
