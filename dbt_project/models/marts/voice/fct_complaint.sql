select
    complaints.complaint_id,
    complaints.received_at,
    complaints.received_at_local,
    cast(complaints.received_at_local as date) as received_date,
    complaints.timezone,
    complaints.channel,
    complaints.channel_class,
    complaints.customer_id,
    complaints.store_id,
    complaints.product_code,
    complaints.receipt_id,
    types.complaint_type,
    types.delivered_type,
    types.class3,
    complaints.cause,
    assessed.complexity,
    assessed.assessed_complexity,
    assessed.complexity_source,
    cast(complaints.severity as integer) as severity,
    complaints.handler_id,
    complaints.has_verbatim,
    steps.confirmed_at,
    steps.analysed_at,
    steps.planned_at,
    steps.carried_out_at,
    steps.answered_at,
    steps.followed_up_at,
    steps.reopened_at,
    steps.closed_at,
    steps.first_response_at,
    steps.resolved_at,
    cast({{ seconds_between('complaints.received_at', 'steps.first_response_at') }} as double)
    / 3600
        as hours_to_response,
    cast({{ seconds_between('complaints.received_at', 'steps.resolved_at') }} as double) / 3600
        as hours_to_resolution,
    steps.follow_up_score,
    coalesce(steps.current_step, 'received') as current_step,
    steps.resolved_at is null as is_open,
    checked.has_violation as process_violation,
    checked.violation_reason as process_violation_reason,
    complaints.load_id
from {{ ref('int_complaints__received_localised') }} as complaints
inner join {{ ref('int_complaints__complexity_assessed') }} as assessed
    on complaints.complaint_id = assessed.complaint_id
inner join {{ ref('int_complaints__order_checked') }} as checked
    on complaints.complaint_id = checked.complaint_id
inner join {{ ref('int_complaints__types_mapped') }} as types
    on complaints.complaint_id = types.complaint_id
left join {{ ref('int_complaints__steps_pivoted') }} as steps
    on complaints.complaint_id = steps.complaint_id
