-- The home store is that of most receipts, then the lower store id.
with counted as (
    select
        customer_id,
        store_id,
        count(distinct receipt_id) as receipts
    from {{ ref('int_sales__lines_kept') }}
    where customer_id is not null and not is_refund
    group by customer_id, store_id
),

ranked as (
    select
        *,
        row_number() over (partition by customer_id order by receipts desc, store_id asc) as place
    from counted
)

select
    customer_id,
    store_id
from ranked
where place = 1
