{{ config(meta={'requirements': ['CRIS-06']}) }}

select
    store_group,
    month_start,
    count(distinct indicator) as indicators
from {{ ref('rpt_crisis_prevention') }}
group by store_group, month_start
having count(distinct indicator) <> 3 or count(*) <> 3
