-- A table: retention, repurchase and frequency read it.
{{ config(materialized='table') }}

select
    days.customer_id,
    periods.period_kind,
    periods.period_start,
    periods.period_end,
    cast(sum(days.receipts) as integer) as receipts,
    cast(count(*) as integer) as visit_days,
    cast(sum(days.net_spend) as decimal(18, 2)) as net_spend
from {{ ref('int_sales__customer_days_summarised') }} as days
inner join {{ ref('int_retention__periods_listed') }} as periods
    on
        days.business_date >= periods.period_start
        and days.business_date <= periods.period_end
where days.receipts > 0
group by days.customer_id, periods.period_kind, periods.period_start, periods.period_end
