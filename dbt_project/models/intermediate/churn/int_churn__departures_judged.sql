-- The customers of who left against the other customers of the store: what share of those who
-- bought in the year before made their last purchase, the one that no other followed for
-- churn_days, within the window after the departure.
with active as (
    select distinct
        departures.staff_id,
        departures.store_id,
        departures.left_date,
        days.customer_id
    from {{ ref('int_churn__departures_dated') }} as departures
    inner join {{ ref('int_segments__home_stores_found') }} as homes
        on departures.store_id = homes.store_id
    inner join {{ ref('int_sales__customer_days_summarised') }} as days
        on
            homes.customer_id = days.customer_id
            and departures.left_date >= days.business_date
            and {{ days_between('days.business_date', 'departures.left_date') }} < 365
    where days.receipts > 0
)

select
    active.staff_id,
    active.store_id,
    active.left_date,
    active.customer_id,
    sellers.staff_id is not null as is_own_customer,
    losses.customer_id is not null as is_lost_after,
    {{ days_between('active.left_date', 'rules.as_of') }} >= rules.staff_loss_days + rules.days + 1
        as is_judged
from active
cross join {{ ref('int_churn__rules_dated') }} as rules
left join {{ ref('int_churn__sellers_found') }} as sellers
    on active.customer_id = sellers.customer_id and active.staff_id = sellers.staff_id
left join {{ ref('int_churn__losses_found') }} as losses
    on
        active.customer_id = losses.customer_id
        and active.left_date <= losses.last_purchase_date
        and {{ days_between('active.left_date', 'losses.last_purchase_date') }}
        <= rules.staff_loss_days
