select
    respondent,
    calendar_year,
    value_element as driver,
    score_100
from {{ ref('int_surveys__ratings_kept') }}
where subject = 'own' and role = 'performance' and value_element is not null
union all
select
    respondent,
    calendar_year,
    'price' as driver,
    score_100
from {{ ref('int_surveys__ratings_kept') }}
where subject = 'own' and role = 'satisfaction' and dimension = 'price'
union all
select
    respondent,
    calendar_year,
    'total_value' as driver,
    score_100
from {{ ref('int_surveys__ratings_kept') }}
where subject = 'own' and role = 'total_value'
