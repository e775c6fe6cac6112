-- A table: what is known of a customer on any day is read from it, and a window is the difference
-- of two days. Rows of customers whom nothing touched are kept: they follow from their days alone.
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ leave_out('int_sales__customers_touched', ['customer_id']) }}"
) }}

with days as (
    select *
    from {{ ref('int_sales__customer_days_summarised') }}
    {{ only_touched('int_sales__customers_touched', ['customer_id']) }}
),

dated as (
    select
        customer_id,
        business_date,
        receipts,
        net_spend,
        case when receipts > 0 then business_date end as purchase_date,
        max(case when receipts > 0 then business_date end) over (
            partition by customer_id
            order by business_date asc
            rows between unbounded preceding and 1 preceding
        ) as previous_purchase_date,
        lead(business_date, 1, cast('9999-12-31' as date)) over (
            partition by customer_id order by business_date asc
        ) as next_date,
        coalesce(
            min(case when receipts > 0 then business_date end) over (
                partition by customer_id
                order by business_date asc
                rows between 1 following and unbounded following
            ),
            cast('9999-12-31' as date)
        ) as next_purchase_date
    from days
    where business_date is not null
)

select
    customer_id,
    business_date,
    next_date,
    next_purchase_date,
    min(purchase_date) over to_date as first_purchase_date,
    max(purchase_date) over to_date as last_purchase_date,
    cast(count(purchase_date) over to_date as integer) as purchase_days,
    cast(
        {{ quantile(
            'case when purchase_date is not null then '
            ~ days_between('previous_purchase_date', 'purchase_date') ~ ' end',
            '0.5'
        ) }} over to_date as double
    ) as median_gap_days,
    cast(
        count(case when purchase_date is not null and net_spend > 0 then 1 end) over to_date
        as integer
    ) as paid_purchases,
    cast(
        sum(case when purchase_date is not null and net_spend > 0 then net_spend end) over to_date
        as decimal(18, 2)
    ) as paid_spend,
    cast(sum(receipts) over to_date as integer) as receipts,
    cast(sum(net_spend) over to_date as decimal(18, 2)) as net_spend
from dated
window to_date as (
    partition by customer_id
    order by business_date asc
    rows between unbounded preceding and current row
)
