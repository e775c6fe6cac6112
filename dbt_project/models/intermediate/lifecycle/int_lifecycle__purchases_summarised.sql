select
    dates.customer_id,
    dates.judged_date,
    dates.is_as_of,
    dates.is_in_history,
    known.first_purchase_date,
    known.business_date as last_purchase_date,
    known.receipts,
    cast(known.receipts - coalesce(earlier.receipts, 0) as integer) as receipts_in_window,
    known.reactivated_date
from {{ ref('int_lifecycle__dates_judged') }} as dates
cross join {{ ref('int_lifecycle__rules_dated') }} as rules
inner join {{ ref('int_lifecycle__purchases_accumulated') }} as known
    on
        dates.customer_id = known.customer_id
        and dates.judged_date >= known.business_date
        and dates.judged_date < known.next_purchase_date
left join {{ ref('int_lifecycle__purchases_accumulated') }} as earlier
    on
        dates.customer_id = earlier.customer_id
        and {{ days_between('earlier.business_date', 'dates.judged_date') }}
        > rules.active_window_days
        and {{ days_between('earlier.next_purchase_date', 'dates.judged_date') }}
        <= rules.active_window_days
