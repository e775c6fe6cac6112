-- A table: stages that last are told anew of these customers.
{{ config(materialized='table') }}

select measures.customer_id
from {{ ref('int_lifecycle__measures_taken') }} as measures
inner join {{ ref('int_lifecycle__customers_judged') }} as customers
    on
        measures.customer_id = customers.customer_id
        and measures.judged_date >= customers.judged_from
where measures.is_in_history
union
select customer_id
from {{ ref('int_sales__customers_touched') }}
