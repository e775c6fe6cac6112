-- A channel is silent when it stayed without complaints for so long that its flow before makes
-- chance less likely than the parameter says: exp(-rate * days) < p.
{% set epoch = "cast('1970-01-01' as date)" %}

with days as (
    select
        complaints.channel,
        cast(complaints.received_at_local as date) as received_date,
        {{ days_between(epoch, 'cast(complaints.received_at_local as date)') }} as day_no,
        count(*) as complaints
    from {{ ref('int_complaints__received_localised') }} as complaints
    cross join {{ ref('int_build__context_stated') }} as context
    where
        complaints.channel is not null
        and cast(complaints.received_at_local as date) <= context.as_of
    group by complaints.channel, cast(complaints.received_at_local as date)
),

dated as (
    select
        days.*,
        lead(days.received_date) over (
            partition by days.channel
            order by days.received_date asc
        ) as next_date,
        history.value_number as history_days,
        least_complaints.value_number as min_complaints,
        chance.value_number as probability,
        least_days.value_number as min_days
    from days
    {% for code, alias in [
        ('channel_silent_history_days', 'history'),
        ('channel_silent_min_complaints', 'least_complaints'),
        ('channel_silent_probability', 'chance'),
        ('channel_silent_min_days', 'least_days'),
    ] %}
    inner join {{ ref('int_parameters__periods_dated') }} as {{ alias }}
        on
            {{ alias }}.code = '{{ code }}'
            and days.received_date >= {{ alias }}.valid_from
            and days.received_date < {{ alias }}.valid_before
    {% endfor %}
),

flows as (
    select
        dated.channel,
        dated.received_date,
        dated.next_date,
        dated.history_days,
        dated.min_complaints,
        dated.probability,
        dated.min_days,
        sum(earlier.complaints) as complaints
    from dated
    inner join days as earlier
        on
            dated.channel = earlier.channel
            and dated.day_no >= earlier.day_no
            and earlier.day_no > dated.day_no - dated.history_days
    group by
        dated.channel,
        dated.received_date,
        dated.next_date,
        dated.history_days,
        dated.min_complaints,
        dated.probability,
        dated.min_days
),

limits as (
    select
        flows.*,
        cast(
            greatest(
                flows.min_days,
                ceil(
                    -ln(cast(flows.probability as double))
                    * cast(flows.history_days as double) / flows.complaints
                )
            ) as integer
        ) as silent_days
    from flows
    where flows.complaints >= flows.min_complaints
)

select
    'CHANNEL_SILENT' as alert_code,
    'channel' as entity_type,
    limits.channel as entity_id,
    {{ add_days('limits.received_date', 'limits.silent_days') }} as started_date,
    limits.next_date as ended_date,
    cast(
        {{ days_between('limits.received_date', 'coalesce(limits.next_date, context.as_of)') }}
        as double
    ) as measure,
    cast(limits.silent_days as double) as threshold,
    'a complaint came through the channel again' as healed_by
from limits
cross join {{ ref('int_build__context_stated') }} as context
where
    {{ add_days('limits.received_date', 'limits.silent_days') }}
    < coalesce(limits.next_date, {{ add_days('context.as_of', 1) }})
