with ranked as (
    select
        *,
        {{ version_rank(['data_group', 'valid_from']) }} as version_rank
    from {{ source('reference', 'ref_retention') }}
)

select
    data_group,
    valid_from as valid_from_date,
    keep_months,
    basis,
    purge_until as purge_until_date,
    approved_by,
    approved_date,
    updated_at,
    load_id,
    file_row
from ranked
where version_rank = 1
