{% set dimensions = [
    'product', 'service', 'price', 'after_sales', 'marketing', 'communication', 'overall',
] %}

-- A table: four fits read it, each in the order of respondent.
{{ config(materialized='table') }}

select
    respondent,
    wave_id,
    {% for dimension in dimensions %}
    cast(
        sum(
            case when role = 'satisfaction' and dimension = '{{ dimension }}' then score_100 end
        ) as double
    )
    / nullif(
        count(case when role = 'satisfaction' and dimension = '{{ dimension }}' then 1 end), 0
    ) as {{ dimension }},
    {% endfor %}
    {% for role in ['recommend', 'trust', 'attitude'] %}
    cast(sum(case when role = '{{ role }}' then score_100 end) as double)
    / nullif(count(case when role = '{{ role }}' then 1 end), 0) as {{ role }},
    {% endfor %}
    calendar_year
from {{ ref('int_surveys__ratings_kept') }}
where subject = 'own'
group by respondent, wave_id, calendar_year
