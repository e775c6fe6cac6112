-- Months are counted back from the day of judgement by its day of the month, so that no month is
-- cut short. What is older than trend and quarters look back is left out.
with aged as (
    select
        dates.customer_id,
        dates.judged_date,
        {{ months_between('days.business_date', 'dates.judged_date') }} as months_ago,
        days.receipts,
        days.net_spend,
        days.discount_amount,
        rules.trend_months
    from {{ ref('int_lifecycle__dates_judged') }} as dates
    cross join {{ ref('int_lifecycle__rules_dated') }} as rules
    inner join {{ ref('int_sales__customer_days_summarised') }} as days
        on
            dates.customer_id = days.customer_id
            and dates.judged_date >= days.business_date
            and {{ days_between('days.business_date', 'dates.judged_date') }}
            <= 31 * greatest(12, 2 * rules.trend_months)
)

select
    customer_id,
    judged_date,
    months_ago,
    cast(sum(receipts) as integer) as receipts,
    cast(sum(net_spend) as decimal(18, 2)) as net_spend,
    cast(sum(discount_amount) as decimal(18, 2)) as discount_amount
from aged
where months_ago < greatest(12, 2 * trend_months)
group by customer_id, judged_date, months_ago
