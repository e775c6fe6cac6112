{% set measures = [
    ('coverage', 'coverage'),
    ('satisfaction', 'satisfaction_100'),
    ('retention', 'retention_rate'),
] %}

-- A market is a region of ref_city_regions; covered are its cities with an open store. Satisfaction
-- is the mean of 0 to 100, coverage and retention are shares.
with opened as (
    select
        region,
        min(opened_date) as entered_date
    from {{ ref('dim_store') }}
    where region is not null
    group by region
),

covered as (
    select
        cities.region,
        count(distinct cities.city) as cities,
        count(distinct case when stores.store_id is not null then cities.city end) as covered
    from {{ ref('int_market__cities_listed') }} as cities
    cross join {{ ref('int_build__context_stated') }} as context
    left join {{ ref('dim_store') }} as stores
        on
            cities.city = stores.city
            and context.as_of >= stores.opened_date
            and coalesce(context.as_of < stores.closed_date, true)
    group by cities.region
),

satisfied as (
    select
        stores.region,
        count(*) as answers,
        sum(answers.score_100) / count(*) as satisfaction_100
    from {{ ref('fct_survey_response') }} as answers
    inner join {{ ref('dim_store') }} as stores on answers.store_id = stores.store_id
    inner join {{ ref('int_build__context_stated') }} as context
        on
            {{ days_between('cast(answers.responded_at_local as date)', 'context.as_of') }} < 365
            and cast(answers.responded_at_local as date) <= context.as_of
    where
        answers.dimension = 'overall'
        and answers.subject = 'own'
        and answers.score_100 is not null
    group by stores.region
),

kept as (
    select
        stores.region,
        sum(retention.base) as base,
        sum(retention.retained) as retained
    from {{ ref('mart_retention') }} as retention
    inner join {{ ref('dim_store') }} as stores on retention.segment = stores.store_id
    where
        retention.period_kind = 'year'
        and retention.segment_kind = 'store'
        and retention.period_start = (
            select max(newest.period_start)
            from {{ ref('mart_retention') }} as newest
            where newest.period_kind = 'year' and newest.segment_kind = 'store'
        )
    group by stores.region
),

cards as (
    select
        opened.region,
        opened.entered_date,
        covered.cities,
        cast(covered.covered as double) / nullif(covered.cities, 0) as coverage,
        case when satisfied.answers >= rules.min_cell then round(satisfied.satisfaction_100, 6) end
            as satisfaction_100,
        cast(kept.retained as double) / nullif(kept.base, 0) as retention_rate,
        {{ days_between('opened.entered_date', 'context.as_of') }} < rules.new_days as is_new,
        rules.coverage_wanted,
        rules.satisfaction_wanted,
        rules.retention_wanted
    from opened
    cross join {{ ref('int_build__context_stated') }} as context
    cross join {{ ref('int_market__expansion_rules_dated') }} as rules
    left join covered on opened.region = covered.region
    left join satisfied on opened.region = satisfied.region
    left join kept on opened.region = kept.region
)

select
    cards.region,
    cards.entered_date,
    cards.is_new,
    cast(cards.cities as integer) as cities,
    cards.coverage,
    cards.satisfaction_100,
    cards.retention_rate,
    cards.coverage_wanted,
    cards.satisfaction_wanted,
    cards.retention_wanted,
    {% for measure, column in measures %}
    case
        when cards.{{ column }} is null then 'no data'
        when round(cards.{{ column }}, 9) >= cards.{{ measure }}_wanted then 'met'
        else 'not met'
    end as {{ measure }}_status,
    {% endfor %}
    context.as_of
from cards
cross join {{ ref('int_build__context_stated') }} as context
