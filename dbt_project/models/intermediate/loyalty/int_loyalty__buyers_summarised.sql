-- A table: the matrix and its customers read it. A year of a buyer goes by his own purchases and by
-- rules, which touch everybody where they change.
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ leave_out('int_sales__customers_touched', ['customer_id']) }}"
) }}

with purchases as (
    select *
    from {{ ref('int_loyalty__purchases_summarised') }}
    {{ only_touched('int_sales__customers_touched', ['customer_id']) }}
)

select
    purchases.customer_id,
    purchases.product_series,
    cast(extract(year from purchases.business_date) as integer) as calendar_year,
    cast(count(*) as integer) as purchase_days,
    cast(sum(purchases.net_spend) as decimal(18, 2)) as net_spend,
    count(*) >= max(rules.loyalty_repeat_days) as is_repeat
from purchases
cross join {{ ref('int_loyalty__rules_dated') }} as rules
group by purchases.customer_id, purchases.product_series, extract(year from purchases.business_date)
