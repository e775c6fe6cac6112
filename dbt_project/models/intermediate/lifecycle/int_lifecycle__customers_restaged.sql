-- A table: stages that last are told anew of these customers.
{{ config(materialized='table') }}

select stages.customer_id
from {{ ref('int_lifecycle__stages_judged') }} as stages
inner join {{ ref('int_lifecycle__customers_judged') }} as customers
    on
        stages.customer_id = customers.customer_id
        and stages.judged_date >= customers.judged_from
union
select customer_id
from {{ ref('int_sales__customers_touched') }}
