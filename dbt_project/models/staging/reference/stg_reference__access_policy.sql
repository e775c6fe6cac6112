with ranked as (
    select
        *,
        {{ version_rank(['role', 'object']) }} as version_rank
    from {{ source('reference', 'ref_access_policy') }}
)

select
    role as role_name,
    object as object_name,
    {{ quoted('columns') }} as allowed_columns,
    {{ quoted('rows') }} as row_filter,
    granted_by,
    from_date,
    to_date,
    updated_at,
    load_id,
    file_row
from ranked
where version_rank = 1
