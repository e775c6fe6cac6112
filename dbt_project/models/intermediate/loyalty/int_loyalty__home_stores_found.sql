-- The store where a customer bought on most days of the year; on a tie the smallest store id.
-- A table: the reports of causes read it.
{{ config(materialized='table') }}

with ranked as (
    select
        customer_id,
        calendar_year,
        store_id,
        row_number() over (
            partition by customer_id, calendar_year
            order by purchase_days desc, store_id asc
        ) as place
    from {{ ref('int_sales__store_years_summarised') }}
)

select
    customer_id,
    calendar_year,
    store_id
from ranked
where place = 1
