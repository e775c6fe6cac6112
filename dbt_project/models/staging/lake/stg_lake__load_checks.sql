select
    load_id,
    feed,
    file_path,
    suite,
    expectation,
    column_name,
    severity,
    success as is_success,
    observed,
    reason
from {{ source('lake', 'load_checks') }}
