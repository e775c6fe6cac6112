-- A table: the matrix and its customers read it.
{{ config(materialized='table') }}

select
    purchases.customer_id,
    purchases.product_series,
    cast(extract(year from purchases.business_date) as integer) as calendar_year,
    cast(count(*) as integer) as purchase_days,
    cast(sum(purchases.net_spend) as decimal(18, 2)) as net_spend,
    count(*) >= max(rules.loyalty_repeat_days) as is_repeat
from {{ ref('int_loyalty__purchases_summarised') }} as purchases
cross join {{ ref('int_loyalty__rules_dated') }} as rules
group by purchases.customer_id, purchases.product_series, extract(year from purchases.business_date)
