-- An item counts in the month it came, whenever it is closed.
with closed as (
    select
        door,
        {{ month_of('captured_date') }} as month_start,
        feedback_id,
        case
            when closed_date is not null
                then {{ days_between('captured_date', 'closed_date') }}
        end as days_to_close,
        as_of
    from {{ ref('int_feedback__loops_followed') }}
    where has_loop
),

numbered as (
    select
        *,
        row_number() over (
            partition by door, month_start
            order by days_to_close asc nulls last, feedback_id asc
        ) as place,
        count(days_to_close) over (partition by door, month_start) as closed_items
    from closed
)

select
    coalesce(door, 'not stated') as door,
    month_start,
    cast(count(*) as integer) as received,
    cast(count(days_to_close) as integer) as closed,
    cast(count(days_to_close) as double) / count(*) as closure_rate,
    -- The middle item, or the mean of the two in the middle.
    sum(case when abs(2 * place - closed_items - 1) <= 1 then cast(days_to_close as double) end)
    / nullif(count(case when abs(2 * place - closed_items - 1) <= 1 then days_to_close end), 0)
        as median_days,
    as_of
from numbered
group by coalesce(door, 'not stated'), month_start, as_of
