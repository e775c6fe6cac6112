-- The rolling year changes on a day of sale and on the day on which that sale leaves the window,
-- which may be still to come: both follow from the sales of the customer alone, so rows of
-- customers whom nothing touched are kept.
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

changes as (
    select
        customer_id,
        business_date as change_date,
        net_spend as amount
    from days
    union all
    select
        days.customer_id,
        {{ add_days('days.business_date', 'cast(rules.drop_window_days as integer)') }}
            as change_date,
        -days.net_spend as amount
    from days
    cross join {{ ref('int_grading__rules_stated') }} as rules
),

dated as (
    select
        customer_id,
        change_date,
        sum(coalesce(amount, 0)) as amount
    from changes
    group by customer_id, change_date
)

select
    customer_id,
    change_date,
    cast(
        sum(amount) over (
            partition by customer_id
            order by change_date asc
            rows between unbounded preceding and current row
        ) as decimal(18, 2)
    ) as rolling_spend
from dated
