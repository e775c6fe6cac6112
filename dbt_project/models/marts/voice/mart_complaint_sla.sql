{% set end_of_as_of = 'cast(' ~ add_days('context.as_of', 1) ~ ' as timestamp)' %}

-- What is still open is judged at the end of as_of, midnight at the store.
with judged as (
    select
        complaints.complaint_id,
        complaints.store_id,
        complaints.handler_id,
        complaints.channel_class,
        complaints.assessed_complexity,
        complaints.timezone,
        complaints.received_at,
        limits.due_response,
        limits.due_resolve,
        complaints.first_response_at,
        complaints.resolved_at,
        {{ local_to_utc(end_of_as_of, 'complaints.timezone') }}
            as judged_at,
        context.as_of
    from {{ ref('fct_complaint') }} as complaints
    inner join {{ ref('int_complaints__limits_dated') }} as limits
        on complaints.complaint_id = limits.complaint_id
    cross join {{ ref('int_build__context_stated') }} as context
)

select
    complaint_id,
    store_id,
    handler_id,
    channel_class,
    assessed_complexity,
    timezone,
    received_at,
    due_response,
    due_resolve,
    {{ utc_to_local('due_response', 'timezone') }} as due_response_local,
    {{ utc_to_local('due_resolve', 'timezone') }} as due_resolve_local,
    first_response_at,
    resolved_at,
    case
        when first_response_at <= due_response then true
        when first_response_at > due_response or judged_at > due_response then false
    end as met_response,
    case
        when resolved_at <= due_resolve then true
        when resolved_at > due_resolve or judged_at > due_resolve then false
    end as met_resolve,
    (first_response_at is null and judged_at > due_response)
    or (resolved_at is null and judged_at > due_resolve) as breached_now,
    as_of
from judged
