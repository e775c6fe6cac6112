select
    version_before,
    version_after,
    figure,
    period_kind,
    period_start,
    with_rules,
    with_late_data,
    with_corrections,
    with_identities
from {{ source('lake', 'figures_split') }}
