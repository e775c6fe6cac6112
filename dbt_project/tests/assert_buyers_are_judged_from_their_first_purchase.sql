{{ config(meta={'requirements': ['DQ-12', 'LIFE-05']}) }}

-- Nights keep the judgements of past days. Who is judged at all is judged on the day of the first
-- purchase: a table made anew in part would lack it.
select
    purchases.customer_id,
    purchases.first_purchase_date
from {{ ref('int_lifecycle__purchases_accumulated') }} as purchases
left join {{ ref('int_lifecycle__stages_judged') }} as stages
    on
        purchases.customer_id = stages.customer_id
        and purchases.business_date = stages.judged_date
where purchases.business_date = purchases.first_purchase_date and stages.customer_id is null
