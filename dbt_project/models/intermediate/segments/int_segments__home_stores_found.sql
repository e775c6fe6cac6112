-- Where the customer buys most often; of equals the store with the lower id.
-- A table: segments, retention, churn and profiles read it.
{{ config(materialized='table') }}

with visits as (
    select
        customer_id,
        store_id,
        sum(receipts) as receipts
    from {{ ref('int_sales__store_years_summarised') }}
    group by customer_id, store_id
),

ranked as (
    select
        customer_id,
        store_id,
        row_number() over (
            partition by customer_id
            order by receipts desc, store_id asc
        ) as place
    from visits
)

select
    ranked.customer_id,
    ranked.store_id,
    stores.city,
    stores.region
from ranked
left join {{ ref('int_stores__details_stated') }} as stores on ranked.store_id = stores.store_id
where ranked.place = 1
