select
    entry_no,
    accessed_at,
    person_id,
    role as role_name,
    action,
    object as object_name,
    row_filter,
    rows_given,
    version
from {{ source('lake', 'access_log') }}
