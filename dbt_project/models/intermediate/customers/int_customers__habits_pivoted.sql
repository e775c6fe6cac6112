{% set habits = [
    ('series', 'favourite_series'),
    ('store_id', 'favourite_store_id'),
    ('channel', 'favourite_channel'),
    ('daypart', 'favourite_daypart'),
    ('weekday', 'favourite_weekday'),
] %}

-- A table: the 360, cross-selling and the lists read it.
{{ config(materialized='table') }}

select
    customer_id,
{% for habit, name in habits %}
max(case when habit = '{{ habit }}' then choice end) as {{ name }},
max(case when habit = '{{ habit }}' then spend_share end)
    as {{ name }}_share{{ ',' if not loop.last }}
{% endfor %}
from {{ ref('int_customers__habits_ranked') }}
where place = 1
group by customer_id
