-- A table: what is known of a customer from one purchase day to the day before the next.
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

purchases as (
    select
        days.customer_id,
        days.business_date,
        days.receipts,
        lag(days.business_date) over (partition by days.customer_id order by days.business_date asc)
            as previous_date,
        lead(days.business_date, 1, cast('9999-12-31' as date)) over (
            partition by days.customer_id order by days.business_date asc
        ) as next_purchase_date,
        rules.churn_days
    from days
    cross join {{ ref('int_lifecycle__rules_dated') }} as rules
    where days.receipts > 0
)

select
    customer_id,
    business_date,
    next_purchase_date,
    min(business_date) over (
        partition by customer_id
        order by business_date asc
        rows between unbounded preceding and current row
    ) as first_purchase_date,
    cast(
        sum(receipts) over (
            partition by customer_id
            order by business_date asc
            rows between unbounded preceding and current row
        ) as integer
    ) as receipts,
    max(
        case
            when {{ days_between('previous_date', 'business_date') }} > churn_days
                then business_date
        end
    ) over (
        partition by customer_id
        order by business_date asc
        rows between unbounded preceding and current row
    ) as reactivated_date
from purchases
