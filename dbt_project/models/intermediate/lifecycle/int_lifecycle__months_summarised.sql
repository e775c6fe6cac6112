-- Months are counted back from as_of by its day of the month, so that no month is cut short.
with aged as (
    select
        days.customer_id,
        12 * (extract(year from rules.as_of) - extract(year from days.business_date))
        + (extract(month from rules.as_of) - extract(month from days.business_date))
        - case
            when extract(day from days.business_date) > extract(day from rules.as_of) then 1 else 0
        end as months_ago,
        days.receipts,
        days.net_spend,
        days.discount_amount
    from {{ ref('int_sales__customer_days_summarised') }} as days
    cross join {{ ref('int_lifecycle__rules_dated') }} as rules
)

select
    customer_id,
    cast(months_ago as integer) as months_ago,
    cast(sum(receipts) as integer) as receipts,
    cast(sum(net_spend) as decimal(18, 2)) as net_spend,
    cast(sum(discount_amount) as decimal(18, 2)) as discount_amount
from aged
group by customer_id, months_ago
