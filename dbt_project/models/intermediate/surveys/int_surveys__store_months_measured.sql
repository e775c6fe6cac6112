-- Numerator and denominator of each metric by store and month, so that months add up.
-- A table: the effect of measures reads it four times over.
{{ config(materialized='table') }}

with sales as (
    select
        store_id,
        {{ month_of('business_date') }} as month_start,
        sum(receipts) as receipts,
        cast(sum(net_sales) as double) as net_sales
    from {{ ref('int_sales__store_days_summarised') }}
    group by store_id, {{ month_of('business_date') }}
),

complaints as (
    select
        store_id,
        {{ month_of('received_at_local') }} as month_start,
        count(*) as complaints
    from {{ ref('int_complaints__received_localised') }}
    where store_id is not null
    group by store_id, {{ month_of('received_at_local') }}
)

select
    store_id,
    responded_month as month_start,
    'satisfaction' as metric,
    cast(sum(score_100) as double) as numerator,
    cast(count(*) as double) as denominator
from {{ ref('int_surveys__ratings_kept') }}
where
    role = 'satisfaction' and dimension = 'overall' and subject = 'own' and store_id is not null
group by store_id, responded_month
union all
select
    store_id,
    month_start,
    'loyalty' as metric,
    cast(customers_again as double) as numerator,
    cast(customers as double) as denominator
from {{ ref('int_sales__store_months_counted') }}
union all
select
    store_id,
    month_start,
    'business' as metric,
    net_sales as numerator,
    cast(1 as double) as denominator
from sales
union all
select
    sales.store_id,
    sales.month_start,
    'complaint_rate' as metric,
    cast(coalesce(complaints.complaints, 0) as double) as numerator,
    cast(sales.receipts as double) as denominator
from sales
left join complaints
    on sales.store_id = complaints.store_id and sales.month_start = complaints.month_start
where sales.receipts > 0
