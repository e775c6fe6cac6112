-- A silence warns after so many median gaps of the purchases before it, or after the general
-- warning. It follows from the days of the customer and from rules, which touch everybody where
-- they change, so rows of customers whom nothing touched are kept.
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ leave_out('int_sales__customers_touched', ['customer_id']) }}"
) }}

with days as (
    select *
    from {{ ref('int_sales__customer_days_accumulated') }}
    {{ only_touched('int_sales__customers_touched', ['customer_id']) }}
),

allowed as (
    select
        days.customer_id,
        days.business_date as last_purchase_date,
        days.next_purchase_date,
        cast(
            greatest(
                rules.warning_min_days,
                least(
                    rules.warning_days + 1,
                    case
                        when days.purchase_days - 1 >= rules.warning_min_gaps
                            then ceil(rules.warning_gap_ratio * days.median_gap_days)
                        else rules.warning_days + 1
                    end
                )
            ) as integer
        ) as days_allowed
    from days
    cross join {{ ref('int_churn__rules_dated') }} as rules
    where days.business_date = days.last_purchase_date
),

silences as (
    select
        customer_id,
        last_purchase_date,
        next_purchase_date,
        days_allowed,
        {{ add_days('last_purchase_date', 'days_allowed') }} as warned_date
    from allowed
    where {{ days_between('last_purchase_date', 'next_purchase_date') }} > days_allowed
)

select
    silences.customer_id,
    silences.last_purchase_date,
    silences.next_purchase_date,
    silences.days_allowed,
    silences.warned_date,
    cast(sum(days.net_spend) as decimal(18, 2)) as net_spend_year
from silences
inner join {{ ref('int_sales__customer_days_summarised') }} as days
    on
        silences.customer_id = days.customer_id
        and silences.last_purchase_date >= days.business_date
        and {{ days_between('days.business_date', 'silences.last_purchase_date') }} < 365
group by
    silences.customer_id,
    silences.last_purchase_date,
    silences.next_purchase_date,
    silences.days_allowed,
    silences.warned_date
