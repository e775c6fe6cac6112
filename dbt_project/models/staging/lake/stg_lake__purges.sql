select
    purge,
    purged_at,
    data_group,
    approved_by,
    approved_date,
    texts,
    captured_from,
    captured_to,
    files_rewritten,
    is_complete
from {{ source('lake', 'purges') }}
