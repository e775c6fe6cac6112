with judged as (
    select
        measures.*,
        rules.churn_days,
        case
            when measures.days_since_purchase > rules.churn_days then 'lost'
            when measures.receipts_in_window >= rules.active_min_receipts then 'active'
            when
                {{ days_between('measures.reactivated_date', 'measures.judged_date') }}
                <= rules.active_window_days
                then 'active'
            else 'purchase'
        end as stage5
    from {{ ref('int_lifecycle__measures_taken') }} as measures
    cross join {{ ref('int_lifecycle__rules_dated') }} as rules
)

select
    customer_id,
    judged_date,
    is_as_of,
    is_in_history,
    stage5,
    case
        when stage5 = 'lost'
            then 'no purchase for ' || cast(days_since_purchase as string) || ' days'
        when stage5 = 'active' and receipts_in_window = 1 then 'bought again after being lost'
        else cast(receipts_in_window as string) || ' receipt(s) in the window'
    end as stage5_reason,
    case
        when stage5 = 'lost' then {{ add_days('last_purchase_date', 'churn_days + 1') }}
        when stage5 = 'purchase' and receipts = 1 then first_purchase_date
        when stage5 = 'active' and receipts_in_window = 1 then reactivated_date
    end as stage5_since,
    reactivated_date
from judged
