{{ config(meta={'requirements': ['PV-01']}) }}

select
    count(*) as elements,
    count(distinct element_class) as classes
from {{ ref('dim_value_element') }}
having
    count(*) <> 14
    or count(distinct element_class) <> 3
    or count(case when element_class = 'product' then 1 end) <> 4
    or count(case when element_class = 'service' then 1 end) <> 5
    or count(case when element_class = 'promotion' then 1 end) <> 5
