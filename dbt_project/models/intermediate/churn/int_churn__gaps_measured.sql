-- The rhythm of a customer is the median of the days between purchase days.
with gaps as (
    select
        customer_id,
        business_date,
        {{ days_between(
            'lag(business_date) over (partition by customer_id order by business_date asc)',
            'business_date'
        ) }} as gap_days
    from {{ ref('int_sales__customer_days_summarised') }}
    where receipts > 0
)

select
    dates.moment,
    dates.judged_date,
    gaps.customer_id,
    max(gaps.business_date) as last_purchase_date,
    min(gaps.business_date) as first_purchase_date,
    cast(count(*) as integer) as purchase_days,
    cast(count(gaps.gap_days) as integer) as gaps,
    cast({{ quantile('gaps.gap_days', '0.5') }} as double) as median_gap_days
from gaps
inner join {{ ref('int_churn__moments_stated') }} as dates
    on gaps.business_date <= dates.judged_date
group by dates.moment, dates.judged_date, gaps.customer_id
