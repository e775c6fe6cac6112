-- Closed periods only: in a running one the losses are not complete.
select
    period_kind,
    period_start,
    period_end
from {{ ref('int_retention__periods_listed') }}
