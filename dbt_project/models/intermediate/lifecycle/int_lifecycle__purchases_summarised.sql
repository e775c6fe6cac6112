-- The start of the window is a column, so that each side of a comparison knows one table: else the
-- outer join compares every purchase with every judgement of everybody.
with windows as (
    select
        dates.*,
        {{ add_days('dates.judged_date', '-rules.active_window_days') }} as window_date
    from {{ ref('int_lifecycle__dates_judged') }} as dates
    cross join {{ ref('int_lifecycle__rules_dated') }} as rules
)

select
    windows.customer_id,
    windows.judged_date,
    windows.is_as_of,
    known.first_purchase_date,
    known.business_date as last_purchase_date,
    known.receipts,
    cast(known.receipts - coalesce(earlier.receipts, 0) as integer) as receipts_in_window,
    known.reactivated_date
from windows
inner join {{ ref('int_lifecycle__purchases_accumulated') }} as known
    on
        windows.customer_id = known.customer_id
        and windows.judged_date >= known.business_date
        and windows.judged_date < known.next_purchase_date
left join {{ ref('int_lifecycle__purchases_accumulated') }} as earlier
    on
        windows.customer_id = earlier.customer_id
        and windows.window_date > earlier.business_date
        and windows.window_date <= earlier.next_purchase_date
