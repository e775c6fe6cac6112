with ranked as (
    select
        *,
        {{ version_rank(['rate_date', 'currency', 'to_currency']) }} as version_rank
    from {{ source('reference', 'ref_fx') }}
)

select
    rate_date,
    currency,
    to_currency,
    rate,
    source_name,
    updated_at,
    load_id,
    file_row
from ranked
where version_rank = 1
