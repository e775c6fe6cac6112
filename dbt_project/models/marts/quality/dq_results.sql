-- The results of the mart suites are added after the build, before publication.
select
    'load' as subject_type,
    checks.file_path as subject,
    checks.suite,
    checks.expectation,
    checks.column_name,
    checks.severity,
    checks.is_success as success,
    checks.observed,
    checks.reason,
    checks.as_of
from {{ ref('int_loads__checks_listed') }} as checks
