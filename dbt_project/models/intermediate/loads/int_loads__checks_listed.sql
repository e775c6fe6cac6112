select
    checks.file_path,
    checks.suite,
    checks.expectation,
    checks.column_name,
    checks.severity,
    checks.is_success,
    checks.observed,
    checks.reason,
    context.as_of
from {{ ref('stg_lake__load_checks') }} as checks
cross join {{ ref('int_build__context_stated') }} as context
