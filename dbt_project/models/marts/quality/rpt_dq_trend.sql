select
    months.feed,
    months.store_id,
    months.month_start,
    months.month_end <= context.as_of as is_complete,
    cast(months.rows_received as bigint) as rows_received,
    months.reliability,
    months.truthfulness,
    months.timeliness,
    months.score,
    months.score_month_before,
    months.months_falling,
    context.as_of
from {{ ref('int_quality__months_scored') }} as months
cross join {{ ref('int_build__context_stated') }} as context
