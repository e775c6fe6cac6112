{{ config(meta={'requirements': ['TIER-13']}) }}

with counted as (
    select
        count(case when grades.is_gold then 1 end) as gold,
        count(case when profiles.receipts_365d > 0 then 1 end) as buyers,
        count(case when grades.is_gold and grades.gold_reason is null then 1 end) as unexplained
    from {{ ref('mart_customer_grade') }} as grades
    inner join {{ ref('mart_customer_360') }} as profiles
        on grades.customer_id = profiles.customer_id
)

select
    counted.gold,
    counted.buyers,
    counted.unexplained
from counted
cross join {{ ref('int_grading__rules_stated') }} as rules
where counted.gold <> ceil(counted.buyers * rules.gold_top_share) or counted.unexplained > 0
