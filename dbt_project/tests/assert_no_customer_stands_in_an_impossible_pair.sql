{{ config(meta={'requirements': ['LIFE-03', 'LIFE-01']}) }}

select
    stage4,
    stage5,
    customers,
    prospects
from {{ ref('rpt_lifecycle_crosswalk') }}
where not is_possible and customers + prospects > 0
