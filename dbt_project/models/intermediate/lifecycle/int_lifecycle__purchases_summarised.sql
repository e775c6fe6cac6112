with purchases as (
    select
        days.customer_id,
        days.business_date,
        days.receipts,
        lag(days.business_date) over (partition by days.customer_id order by days.business_date asc)
            as previous_date,
        rules.as_of,
        rules.churn_days,
        rules.active_window_days
    from {{ ref('int_sales__customer_days_summarised') }} as days
    cross join {{ ref('int_lifecycle__rules_dated') }} as rules
    where days.receipts > 0
)

select
    customer_id,
    min(business_date) as first_purchase_date,
    max(business_date) as last_purchase_date,
    cast(sum(receipts) as integer) as receipts,
    cast(
        sum(
            case
                when {{ days_between('business_date', 'as_of') }} <= active_window_days
                    then receipts
                else 0
            end
        ) as integer
    ) as receipts_in_window,
    max(
        case
            when {{ days_between('previous_date', 'business_date') }} > churn_days
                then business_date
        end
    ) as reactivated_date
from purchases
group by customer_id
