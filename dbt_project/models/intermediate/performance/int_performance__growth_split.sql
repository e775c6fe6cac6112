-- A table: growth and the scorecard both read it.
{{ config(materialized='table') }}

-- By customer: who came, who stayed away, and what those of both periods spent more or less.
with customers as (
    select
        periods.period_kind,
        periods.period_start,
        spent.net_spend as spend_now,
        case when spent.earlier_start = periods.previous_start then spent.earlier_spend end
            as spend_before,
        spent.receipts
    from {{ ref('int_retention__periods_listed') }} as periods
    inner join {{ ref('int_performance__periods_spent') }} as spent
        on
            periods.period_kind = spent.period_kind
            and periods.period_start = spent.period_start
    union all
    select
        periods.period_kind,
        periods.period_start,
        null as spend_now,
        spent.net_spend as spend_before,
        0 as receipts
    from {{ ref('int_retention__periods_listed') }} as periods
    inner join {{ ref('int_performance__periods_spent') }} as spent
        on
            periods.period_kind = spent.period_kind
            and periods.previous_start = spent.period_start
    where coalesce(spent.later_start <> periods.period_start, true)
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
