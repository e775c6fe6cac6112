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
from {{ ref('int_loads__latencies_measured') }} as days
cross join {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_parameters__periods_dated') }} as cells
    on
        cells.code = 'anonymity_min_cell'
        and context.as_of >= cells.valid_from
        and context.as_of < cells.valid_before
