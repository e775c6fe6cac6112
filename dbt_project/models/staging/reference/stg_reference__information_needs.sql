with ranked as (
    select
        *,
        {{ version_rank(['need_id']) }} as version_rank
    from {{ source('reference', 'ref_information_needs') }}
)

select
    need_id,
    need,
    field,
    kind,
    precision as needed_precision,
    timeliness_days,
    feeds,
    reports,
    owner_id,
    agreed_date,
    updated_at,
    load_id,
    file_row
from ranked
where version_rank = 1
