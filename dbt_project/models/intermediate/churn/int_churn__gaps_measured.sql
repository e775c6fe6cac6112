-- The rhythm of a customer is the median of the days between purchase days.
select
    dates.moment,
    dates.judged_date,
    known.customer_id,
    known.last_purchase_date,
    known.first_purchase_date,
    known.purchase_days,
    cast(known.purchase_days - 1 as integer) as gaps,
    known.median_gap_days,
    known.next_purchase_date,
    known.receipts,
    known.net_spend
from {{ ref('int_sales__customer_days_accumulated') }} as known
inner join {{ ref('int_churn__moments_stated') }} as dates
    on known.business_date <= dates.judged_date and known.next_date > dates.judged_date
where known.purchase_days > 0
