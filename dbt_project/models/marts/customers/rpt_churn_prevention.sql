select
    measured.period_start as quarter_start,
    measured.measure,
    measured.measure_zh,
    measured.indicator,
    measured.value,
    case when measured.value is null then measured.reason_if_missing end as missing_reason,
    context.as_of
from {{ ref('int_churn__prevention_measured') }} as measured
cross join {{ ref('int_build__context_stated') }} as context
