with ranked as (
    select
        *,
        {{ version_rank(['record_id']) }} as version_rank
    from {{ source('reference', 'ref_staff') }}
)

select
    record_id,
    record as record_kind,
    staff_id,
    store_id,
    region,
    team,
    role as staff_role,
    joined_date,
    left_date,
    key_account_owner as is_key_account_owner,
    system_role,
    customer_id,
    from_date,
    to_date,
    updated_at,
    load_id,
    file_row
from ranked
where version_rank = 1
