{% set topics = [
    'finance', 'capacity', 'staff', 'execution', 'positioning', 'pack_and_price', 'audience', 'edge',
] %}

-- The eight topics of every rival of whom anything is known; what is not known is a gap, not a row
-- left out.
with topics as (
    {% for topic in topics %}
    select
        {{ loop.index }} as topic_no,
        '{{ topic }}' as topic
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

rivals as (
    select distinct competitor
    from {{ ref('int_market__rival_facts_ranked') }}
),

known as (
    select
        competitor,
        topic,
        count(*) as facts,
        max(observed_date) as observed_date,
        max_by(source_name, cast(observed_date as string) || '/' || fact_id) as source_name
    from {{ ref('int_market__rival_facts_ranked') }}
    group by competitor, topic
),

filled as (
    select
        rivals.competitor,
        topics.topic_no,
        topics.topic,
        coalesce(known.facts, 0) as facts,
        known.observed_date,
        known.source_name,
        cast(count(known.topic) over (partition by rivals.competitor) as double)
        / {{ topics | length }} as dossier_filled
    from rivals
    cross join topics
    left join known on rivals.competitor = known.competitor and topics.topic = known.topic
)

select
    filled.competitor,
    cast(filled.topic_no as integer) as topic_no,
    filled.topic,
    cast(filled.facts as integer) as facts,
    filled.observed_date,
    filled.source_name,
    cast({{ days_between('filled.observed_date', 'context.as_of') }} as integer) as days_old,
    filled.dossier_filled,
    case
        when not delivered.is_delivered then 'no data'
        when filled.facts = 0 then 'gap'
        else 'filled'
    end as status,
    context.as_of
from {{ ref('int_loads__feeds_delivered') }} as delivered
cross join {{ ref('int_build__context_stated') }} as context
left join filled on delivered.is_delivered
where
    delivered.feed = 'ref_competitors'
    and (filled.competitor is not null or not delivered.is_delivered)
