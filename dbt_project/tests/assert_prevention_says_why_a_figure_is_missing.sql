{{ config(meta={'requirements': ['CHURN-09']}) }}

select
    quarter_start,
    count(*) as measures
from {{ ref('rpt_churn_prevention') }}
group by quarter_start
having count(*) <> 5 or count(case when value is null and missing_reason is null then 1 end) > 0
