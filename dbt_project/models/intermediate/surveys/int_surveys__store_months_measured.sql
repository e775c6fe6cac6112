-- Numerator and denominator of each metric by store and month, so that months add up.
-- A table: the effect of measures reads it four times over.
{{ config(materialized='table') }}

with customers as (
    select
        store_id,
        {{ month_of('business_date') }} as month_start,
        customer_id,
        count(distinct business_date) as days
    from {{ ref('int_sales__lines_kept') }}
    where customer_id is not null and not is_refund
    group by store_id, {{ month_of('business_date') }}, customer_id
),

-- One row per receipt and date first: distinct receipts are dear to count among lines.
receipts as (
    select
        store_id,
        business_date,
        receipt_id,
        max(case when is_refund then 0 else 1 end) as is_purchase,
        sum(net_amount_chain) as net_sales
    from {{ ref('int_sales__lines_kept') }}
    group by store_id, business_date, receipt_id
),

sales as (
    select
        store_id,
        {{ month_of('business_date') }} as month_start,
        sum(is_purchase) as receipts,
        cast(sum(net_sales) as double) as net_sales
    from receipts
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
    cast(count(case when days > 1 then 1 end) as double) as numerator,
    cast(count(*) as double) as denominator
from customers
group by store_id, month_start
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
