with days as (
    select
        feed,
        delivery_date,
        sum(rows_received) as rows_received,
        1 - cast(sum(rows_unreliable) as double) / nullif(sum(rows_received), 0) as reliability,
        1 - cast(sum(rows_false) as double) / nullif(sum(rows_judged), 0) as truthfulness,
        1 - cast(sum(rows_late) as double) / nullif(sum(rows_dated), 0) as timeliness
    from {{ ref('int_quality__days_scored') }}
    group by feed, delivery_date
)

select
    days.feed,
    days.delivery_date,
    cast(days.rows_received as bigint) as rows_received,
    days.reliability,
    days.truthfulness,
    days.timeliness,
    context.as_of
from days
cross join {{ ref('int_build__context_stated') }} as context
