-- Nearest rank: the value at or above which the share of the rows lies.
with ranked as (
    select
        feed,
        event_date,
        hours_to_mart,
        sum(events) over (
            partition by feed, event_date
            order by hours_to_mart asc
            range between unbounded preceding and current row
        ) as place,
        sum(events) over (partition by feed, event_date) as events
    from {{ ref('int_loads__latencies_measured') }}
),

days as (
    select
        feed,
        event_date,
        cast(max(events) as bigint) as events,
        min(case when place >= 0.5 * events then hours_to_mart end) as hours_p50,
        min(case when place >= 0.95 * events then hours_to_mart end) as hours_p95
    from ranked
    group by feed, event_date
)

select
    days.feed,
    days.event_date,
    days.events,
    case
        when
            days.feed <> 'survey_responses'
            or {{ is_large_cell('days.events', 'cells.value_number') }}
            then days.hours_p50
    end as hours_p50,
    case
        when
            days.feed <> 'survey_responses'
            or {{ is_large_cell('days.events', 'cells.value_number') }}
            then days.hours_p95
    end as hours_p95,
    context.as_of
from days
cross join {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_parameters__periods_dated') }} as cells
    on
        cells.code = 'anonymity_min_cell'
        and context.as_of >= cells.valid_from
        and context.as_of < cells.valid_before
