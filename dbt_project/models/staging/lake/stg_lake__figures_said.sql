select
    version,
    figure,
    period_kind,
    period_start,
    figure_value,
    as_of,
    known_at,
    code_version
from {{ source('lake', 'figures_said') }}
