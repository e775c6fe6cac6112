-- The last four spans of three months up to as_of, with a purchase.
with days as (
    select
        days.customer_id,
        {{ months_between('days.business_date', 'context.as_of') }} as months_ago
    from {{ ref('int_sales__customer_days_summarised') }} as days
    cross join {{ ref('int_build__context_stated') }} as context
    where days.receipts > 0
)

select distinct
    customer_id,
    cast(floor(months_ago / 3.0) as integer) as quarters_ago
from days
where months_ago < 12
