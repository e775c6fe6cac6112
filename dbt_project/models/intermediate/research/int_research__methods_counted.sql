-- A questionnaire is one record of the method survey, whichever feed holds it.
with answered as (
    select distinct
        wave_id,
        response_id
    from {{ ref('int_surveys__identities_removed') }}
),

records as (
    select
        wave_id,
        'survey' as method
    from answered
    union all
    select
        wave_id,
        method
    from {{ ref('stg_reference__feedback') }}
    where wave_id is not null and method is not null
),

counted as (
    select
        wave_id,
        method,
        count(*) as records
    from records
    group by wave_id, method
)

select
    counted.wave_id,
    counted.method,
    methods.method_class,
    counted.records,
    max(case when methods.method_class = 'quantitative' then 1 else 0 end) over (
        partition by counted.wave_id
    ) = 1 as has_quantitative,
    max(case when methods.method_class = 'qualitative' then 1 else 0 end) over (
        partition by counted.wave_id
    ) = 1 as has_qualitative
from counted
left join {{ ref('ref_research_methods') }} as methods on counted.method = methods.method
