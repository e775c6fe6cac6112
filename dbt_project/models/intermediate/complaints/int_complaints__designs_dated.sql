select
    coalesce(rate_above, -1) as rate_above,
    rate_to,
    reference_value,
    decision_limit,
    run_length_days,
    run_length_shifted_days,
    valid_from,
    lead(valid_from, 1, cast('9999-12-31' as date)) over (
        partition by rate_to
        order by valid_from asc
    ) as valid_before
from {{ ref('ref_control_charts') }}
