{% set dimensions = [
    'product', 'service', 'price', 'after_sales', 'marketing', 'communication', 'overall',
] %}

-- A table: four fits read it, each in the order of respondent.
{{ config(materialized='table') }}

select
    ratings.respondent,
    ratings.wave_id,
    {% for dimension in dimensions %}
    cast(
        sum(
            case
                when ratings.role = 'satisfaction' and ratings.dimension = '{{ dimension }}'
                    then ratings.score_100
            end
        ) as double
    )
    / nullif(
        count(
            case
                when ratings.role = 'satisfaction' and ratings.dimension = '{{ dimension }}' then 1
            end
        ),
        0
    ) as {{ dimension }},
    {% endfor %}
    {% for role in ['recommend', 'trust', 'attitude'] %}
    cast(sum(case when ratings.role = '{{ role }}' then ratings.score_100 end) as double)
    / nullif(count(case when ratings.role = '{{ role }}' then 1 end), 0) as {{ role }},
    {% endfor %}
    max(loyalty.loyalty_index) as loyalty,
    ratings.calendar_year
from {{ ref('int_surveys__ratings_kept') }} as ratings
left join {{ ref('int_retention__loyalty_indexed') }} as loyalty
    on
        ratings.customer_id = loyalty.customer_id
        and ratings.calendar_year = loyalty.calendar_year
where ratings.subject = 'own'
group by ratings.respondent, ratings.wave_id, ratings.calendar_year
