-- A table: retention, repurchase and frequency read it.
{{ config(materialized='table') }}

select
    days.customer_id,
    periods.period_kind,
    periods.period_start,
    periods.period_end,
    cast(sum(days.receipts) as integer) as receipts,
    cast(count(*) as integer) as visit_days
from {{ ref('int_retention__days_bought') }} as days
inner join {{ ref('int_retention__periods_listed') }} as periods
    on
        days.business_date >= periods.period_start
        and days.business_date <= periods.period_end
group by days.customer_id, periods.period_kind, periods.period_start, periods.period_end
