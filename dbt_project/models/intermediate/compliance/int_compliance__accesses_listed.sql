select
    entry_no,
    accessed_at,
    person_id,
    role_name,
    action,
    object_name,
    row_filter,
    rows_given,
    version
from {{ ref('stg_lake__accesses') }}
