-- A table: what is judged before these days stands in the measures of the build before. Who was
-- touched is judged anew from the first day.
{{ config(materialized='table') }}

with before as (
    select max(case when fact_kind = 'as_of' then valid_from end) as as_of
    from {{ ref('int_build__facts_remembered') }}
),

customers as (
    select customer_id
    from {{ ref('int_lifecycle__purchases_accumulated') }}
    union
    select customer_id
    from {{ ref('int_sales__customers_touched') }}
)

select
    customers.customer_id,
    case
        when before.as_of is null or touched.customer_id is not null
            then cast('1900-01-01' as date)
        else before.as_of
    end as judged_from
from customers
cross join before
left join {{ ref('int_sales__customers_touched') }} as touched
    on customers.customer_id = touched.customer_id
