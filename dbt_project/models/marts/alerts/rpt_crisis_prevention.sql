select
    measured.store_group,
    measured.month_start,
    measured.indicator,
    measured.indicator_value,
    measured.n,
    case when measured.indicator_value is null then 'no data' else 'measured' end as status,
    context.as_of
from {{ ref('int_crisis__indicators_measured') }} as measured
cross join {{ ref('int_build__context_stated') }} as context
