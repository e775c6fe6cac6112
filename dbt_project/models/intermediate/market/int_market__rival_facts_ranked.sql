-- What is newest of one topic, region and series counts; facts seen after as_of wait.
select
    facts.fact_id,
    facts.competitor,
    facts.topic,
    coalesce(facts.region, 'all') as region,
    coalesce(facts.product_series, 'all') as product_line,
    facts.fact_value,
    facts.unit,
    facts.observed_date,
    facts.source_name,
    row_number() over (
        partition by
            facts.competitor, facts.topic,
            coalesce(facts.region, 'all'), coalesce(facts.product_series, 'all')
        order by facts.observed_date desc, facts.fact_id desc
    ) as place
from {{ ref('stg_reference__competitors') }} as facts
inner join {{ ref('int_build__context_stated') }} as context
    on facts.observed_date <= context.as_of
