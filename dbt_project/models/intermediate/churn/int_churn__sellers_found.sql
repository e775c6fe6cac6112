-- The main seller of a customer is who rang up most of the receipts, then the lower staff id.
with counted as (
    select
        customer_id,
        staff_id,
        count(distinct store_id || ' ' || receipt_id) as receipts
    from {{ ref('int_sales__lines_kept') }}
    where customer_id is not null and staff_id is not null and not is_refund
    group by customer_id, staff_id
),

ranked as (
    select
        *,
        row_number() over (partition by customer_id order by receipts desc, staff_id asc) as place
    from counted
)

select
    customer_id,
    staff_id
from ranked
where place = 1
