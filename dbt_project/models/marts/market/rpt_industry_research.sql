{% set topics = [
    'saturation', 'outlook', 'policy', 'technology', 'society', 'entrants', 'exit_cost', 'threat',
    'substitutes', 'complements',
] %}

-- A topic about which nothing was ever written stands as a gap.
with topics as (
    {% for topic in topics %}
    select '{{ topic }}' as topic
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    topics.topic,
    notes.period,
    notes.region,
    notes.product_line,
    notes.source_name,
    notes.source_type,
    notes.published_date,
    cast({{ days_between('notes.published_date', 'context.as_of') }} as integer) as days_old,
    case
        when not delivered.is_delivered then 'no data'
        when notes.topic is null then 'gap'
        when {{ days_between('notes.published_date', 'context.as_of') }} > limits.value_number
            then 'stale'
        else 'fresh'
    end as status,
    context.as_of
from topics
cross join {{ ref('int_build__context_stated') }} as context
inner join {{ ref('int_loads__feeds_delivered') }} as delivered on delivered.feed = 'ref_market'
left join {{ ref('int_market__sources_ranked') }} as notes
    on
        delivered.is_delivered
        and topics.topic = notes.topic
        and context.as_of >= notes.published_date
left join {{ ref('int_parameters__periods_dated') }} as limits
    on
        limits.code = 'research_stale_days'
        and context.as_of >= limits.valid_from
        and context.as_of < limits.valid_before
