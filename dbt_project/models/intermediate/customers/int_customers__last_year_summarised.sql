-- A table: grades, indices and the 360 read it. Nothing bought in the year is 0;
-- who was only ever paid back has no purchase dates.
{{ config(materialized='table') }}

select
    days.customer_id,
    min(case when days.receipts > 0 then days.business_date end) as first_purchase_date,
    max(case when days.receipts > 0 then days.business_date end) as last_purchase_date,
    cast(count(case when days.receipts > 0 then 1 end) as integer) as purchase_days,
    cast(
        sum(
            case
                when days.business_date > {{ add_days('context.as_of', -365) }} then days.receipts
                else 0
            end
        ) as integer
    ) as receipts_365d,
    cast(
        sum(
            case
                when days.business_date > {{ add_days('context.as_of', -365) }} then days.items
            end
        ) as decimal(18, 3)
    ) as items_365d,
    cast(
        case
            when max(days.business_date) <= max({{ add_days('context.as_of', -365) }}) then 0
            else
                sum(
                    case
                        when days.business_date > {{ add_days('context.as_of', -365) }}
                            then days.net_spend
                    end
                )
        end as decimal(18, 2)
    ) as net_spend_365d,
    cast(
        count(
            distinct case
                when
                    days.receipts > 0
                    and days.business_date > {{ add_days('context.as_of', -365) }}
                    then {{ month_of('days.business_date') }}
            end
        ) as integer
    ) as active_months
from {{ ref('int_sales__customer_days_summarised') }} as days
cross join {{ ref('int_build__context_stated') }} as context
group by days.customer_id
