-- Every door in every month with feedback, zero included.
with months as (
    select distinct {{ month_of('captured_date') }} as month_start
    from {{ ref('fct_feedback') }}
),

used as (
    select
        feedback.door,
        {{ month_of('feedback.captured_date') }} as month_start,
        count(*) as items,
        count(
            case when feedback.source_kind = 'complaint' or feedback.status is not null then 1 end
        ) as items_to_answer,
        count(
            case
                when
                    (feedback.source_kind = 'complaint' or feedback.status is not null)
                    and feedback.answered_date is not null
                    then 1
            end
        ) as answered
    from {{ ref('fct_feedback') }} as feedback
    group by feedback.door, {{ month_of('feedback.captured_date') }}
)

select
    doors.door,
    doors.name_zh,
    doors.is_configured,
    months.month_start,
    cast(coalesce(used.items, 0) as integer) as items,
    cast(coalesce(used.items_to_answer, 0) as integer) as items_to_answer,
    cast(used.answered as double) / nullif(used.items_to_answer, 0) as response_share,
    context.as_of
from {{ ref('int_feedback__doors_listed') }} as doors
cross join months
cross join {{ ref('int_build__context_stated') }} as context
left join used on doors.door = used.door and months.month_start = used.month_start
