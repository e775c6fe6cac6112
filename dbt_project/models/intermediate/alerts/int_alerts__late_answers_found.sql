-- A complaint is late from the local day of its limit until the day of its answer or solution; open
-- ones are late once the limit has passed at midnight ending as_of at the store.
{% set end_of_as_of = 'cast(' ~ add_days('context.as_of', 1) ~ ' as timestamp)' %}

with limits as (
    select
        complaints.complaint_id,
        complaints.store_id,
        complaints.timezone,
        complaints.received_at,
        limits.due_response,
        limits.due_resolve,
        steps.first_response_at,
        steps.resolved_at,
        {{ local_to_utc(end_of_as_of, 'complaints.timezone') }} as judged_at
    from {{ ref('int_complaints__received_localised') }} as complaints
    inner join {{ ref('int_complaints__limits_dated') }} as limits
        on complaints.complaint_id = limits.complaint_id
    cross join {{ ref('int_build__context_stated') }} as context
    left join {{ ref('int_complaints__steps_pivoted') }} as steps
        on complaints.complaint_id = steps.complaint_id
),

late as (
    {% for code, due, done in [
        ('SLA_24H', 'due_response', 'first_response_at'),
        ('SLA_48H', 'due_resolve', 'resolved_at'),
    ] %}
    select
        '{{ code }}' as alert_code,
        complaint_id,
        store_id,
        cast({{ utc_to_local(due, 'timezone') }} as date) as started_date,
        cast({{ utc_to_local(done, 'timezone') }} as date) as ended_date,
        cast(
            {{ seconds_between('received_at', 'coalesce(' ~ done ~ ', judged_at)') }} as double
        ) / 3600 as measure,
        cast({{ seconds_between('received_at', due) }} as double) / 3600 as threshold
    from limits
    where {{ done }} > {{ due }} or ({{ done }} is null and judged_at > {{ due }})
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    alert_code,
    case when store_id is null then 'chain' else 'store' end as entity_type,
    coalesce(store_id, 'own') as entity_id,
    started_date,
    ended_date,
    measure,
    threshold,
    case alert_code
        when 'SLA_24H' then 'every complaint past its limit was answered'
        else 'every complaint past its limit was solved'
    end as healed_by
from late
