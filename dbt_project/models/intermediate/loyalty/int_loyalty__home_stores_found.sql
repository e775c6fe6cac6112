-- The store where a customer bought on most days of the year; on a tie the smallest store id.
-- A table: the reports of causes read it.
{{ config(materialized='table') }}

with visits as (
    select
        customer_id,
        store_id,
        cast(extract(year from business_date) as integer) as calendar_year,
        count(distinct business_date) as days
    from {{ ref('int_sales__lines_kept') }}
    where customer_id is not null and not is_refund
    group by customer_id, store_id, extract(year from business_date)
),

ranked as (
    select
        *,
        row_number() over (
            partition by customer_id, calendar_year
            order by days desc, store_id asc
        ) as place
    from visits
)

select
    customer_id,
    calendar_year,
    store_id
from ranked
where place = 1
