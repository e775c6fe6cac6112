-- A table: growth and the scorecard both read it.
{{ config(materialized='table') }}

-- By customer: who came, who stayed away, and what those of both periods spent more or less.
with spent as (
    select
        periods.period_kind,
        periods.period_start,
        days.customer_id,
        sum(days.net_spend) as net_spend,
        sum(days.receipts) as receipts
    from {{ ref('int_retention__periods_listed') }} as periods
    inner join {{ ref('int_sales__customer_days_summarised') }} as days
        on
            periods.period_start <= days.business_date
            and periods.period_end >= days.business_date
    group by periods.period_kind, periods.period_start, days.customer_id
),

compared as (
    select
        period_kind,
        period_start,
        customer_id,
        net_spend as spend_now,
        cast(null as decimal(18, 2)) as spend_before,
        receipts
    from spent
    union all
    select
        periods.period_kind,
        periods.period_start,
        spent.customer_id,
        null as spend_now,
        spent.net_spend as spend_before,
        0 as receipts
    from {{ ref('int_retention__periods_listed') }} as periods
    inner join spent
        on
            periods.period_kind = spent.period_kind
            and periods.previous_start = spent.period_start
),

customers as (
    select
        period_kind,
        period_start,
        customer_id,
        sum(spend_now) as spend_now,
        sum(spend_before) as spend_before,
        sum(receipts) as receipts
    from compared
    group by period_kind, period_start, customer_id
)

select
    period_kind,
    period_start,
    cast(count(case when receipts > 0 then 1 end) as integer) as buyers,
    cast(count(case when spend_before is null then 1 end) as integer) as came_customers,
    cast(count(case when spend_now is null then 1 end) as integer) as left_customers,
    cast(count(case when spend_now is not null and spend_before is not null then 1 end) as integer)
        as kept_customers,
    cast(sum(case when spend_before is null then spend_now else 0 end) as decimal(18, 2))
        as new_effect,
    cast(sum(case when spend_now is null then -spend_before else 0 end) as decimal(18, 2))
        as lost_effect,
    cast(
        sum(
            case
                when spend_now is not null and spend_before is not null
                    then spend_now - spend_before
                else 0
            end
        ) as decimal(18, 2)
    ) as kept_effect,
    cast(sum(case when spend_before is not null then spend_now end) as decimal(18, 2))
        as kept_spend
from customers
group by period_kind, period_start
