{% set zone = 'coalesce(complaints.timezone, context.chain_timezone)' %}

with placed as (
    select
        events.complaint_id,
        events.step,
        steps.step_no,
        coalesce(steps.is_first_response, false) as is_first_response,
        coalesce(steps.is_resolution, false) as is_resolution,
        case
            when events.occurred_at_is_utc then events.occurred_at
            else {{ local_to_utc('events.occurred_at', zone) }}
        end as occurred_at,
        cast(
            case
                when events.occurred_at_is_utc
                    then {{ utc_to_local('events.occurred_at', zone) }}
                else events.occurred_at
            end as date
        ) as occurred_date,
        events.actor,
        events.follow_up_score,
        complaints.complaint_id is not null as is_complaint_known,
        complaints.received_at,
        events.load_id
    from {{ ref('stg_complaints__events') }} as events
    cross join {{ ref('int_build__context_stated') }} as context
    left join {{ ref('int_complaints__received_localised') }} as complaints
        on events.complaint_id = complaints.complaint_id
    left join {{ ref('ref_complaint_steps') }} as steps on events.step = steps.step
)

select
    complaint_id,
    step,
    step_no,
    is_first_response,
    is_resolution,
    occurred_at,
    occurred_date,
    actor,
    follow_up_score,
    case
        when not is_complaint_known then 'complaint unknown'
        when occurred_at < received_at then 'before the complaint was received'
    end as held_back_reason,
    load_id
from placed
