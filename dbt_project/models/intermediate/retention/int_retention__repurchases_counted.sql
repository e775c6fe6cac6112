-- A table: its mart reads it, and the test of its key.
{{ config(materialized='table') }}

-- Receipts of a customer in a period: in all, by store, and by series of what was on them.
with lines as (
    select
        sales.customer_id,
        sales.business_date,
        sales.store_id,
        sales.store_id || ' ' || sales.receipt_id as receipt,
        products.series
    from {{ ref('int_sales__lines_kept') }} as sales
    left join {{ ref('int_products__series_mapped') }} as products
        on sales.product_code = products.product_code
    where sales.customer_id is not null and not sales.is_refund and sales.unit_price > 0
)

select
    period_kind,
    period_start,
    customer_id,
    'all' as dimension,
    'all' as member,
    receipts
from {{ ref('int_retention__periods_bought') }}
union all
select
    periods.period_kind,
    periods.period_start,
    lines.customer_id,
    'store' as dimension,
    lines.store_id as member,
    count(distinct lines.receipt) as receipts
from lines
inner join {{ ref('int_retention__periods_listed') }} as periods
    on
        lines.business_date >= periods.period_start
        and lines.business_date <= periods.period_end
where periods.period_kind <> 'month'
group by periods.period_kind, periods.period_start, lines.customer_id, lines.store_id
union all
select
    periods.period_kind,
    periods.period_start,
    lines.customer_id,
    'series' as dimension,
    lines.series as member,
    count(distinct lines.receipt) as receipts
from lines
inner join {{ ref('int_retention__periods_listed') }} as periods
    on
        lines.business_date >= periods.period_start
        and lines.business_date <= periods.period_end
where periods.period_kind <> 'month' and lines.series is not null
group by periods.period_kind, periods.period_start, lines.customer_id, lines.series
union all
select
    'ever' as period_kind,
    min(first_purchase_date) over () as period_start,
    customer_id,
    'all' as dimension,
    'all' as member,
    receipts
from (
    select
        customer_id,
        min(business_date) as first_purchase_date,
        sum(receipts) as receipts
    from {{ ref('int_retention__days_bought') }}
    group by customer_id
) as ever
