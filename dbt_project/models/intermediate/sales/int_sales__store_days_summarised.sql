-- A table: what is told of stores, weeks, months and years adds it up instead of all lines. Those
-- of a date follow from its lines and from all of its receipts, so untouched dates are kept. A
-- receipt may have lines of several dates, and a period counts it on the first that lies in it.
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ leave_out('int_loads__dates_touched', ['business_date'], listed=['event_date']) }}"
) }}

with touched as (
    select
        store_id,
        receipt_id
    from {{ ref('int_sales__lines_kept') }}
    {{ only_touched('int_loads__dates_touched', ['business_date'], listed=['event_date']) }}
),

receipts as (
    select
        store_id,
        receipt_id,
        business_date,
        max(case when is_refund then 0 else 1 end) as is_purchase,
        count(*) as line_count,
        sum(qty) as items,
        sum(net_amount_chain) as net_sales,
        sum(case when customer_id is not null then net_amount_chain else 0 end)
            as identified_sales
    from {{ ref('int_sales__lines_kept') }}
    {% if is_incremental() -%}
    where
        (store_id, receipt_id) in (
            select
                touched.store_id,
                touched.receipt_id
            from touched
        )
    {% endif -%}
    group by store_id, receipt_id, business_date
),

followed as (
    select
        *,
        max(case when is_purchase = 1 then business_date end) over (
            partition by store_id, receipt_id
            order by business_date asc
            rows between unbounded preceding and 1 preceding
        ) as earlier_date
    from receipts
)

select
    store_id,
    business_date,
    case when is_purchase = 1 then earlier_date end as earlier_date,
    cast(sum(is_purchase) as integer) as receipts,
    cast(sum(line_count) as integer) as line_count,
    cast(sum(items) as decimal(18, 3)) as items,
    cast(sum(net_sales) as decimal(18, 2)) as net_sales,
    cast(sum(identified_sales) as decimal(18, 2)) as identified_sales
from followed
{{ only_touched('int_loads__dates_touched', ['business_date'], listed=['event_date']) }}
group by store_id, business_date, case when is_purchase = 1 then earlier_date end
