-- A table: growth and the scorecard both read it.
{{ config(materialized='table') }}

-- Stocks are counted on the day and flows by their own events, so that opening + new + regained
-- - lost = closing is a finding and no definition.
with moments as (
    select period_end as moment from {{ ref('int_retention__periods_listed') }}
    union
    select {{ add_days('period_start', -1) }} as moment
    from {{ ref('int_retention__periods_listed') }}
),

-- A customer is held from each purchase until the next one, or until he is lost: at a moment, those
-- who began to be held by then less those who ended.
changes as (
    select
        business_date as change_date,
        count(*) as customers
    from {{ ref('int_lifecycle__purchases_accumulated') }}
    group by business_date
    union all
    select
        least(
            known.next_purchase_date,
            {{ add_days('known.business_date', 'cast(rules.days as integer) + 1') }}
        ) as change_date,
        -count(*) as customers
    from {{ ref('int_lifecycle__purchases_accumulated') }} as known
    cross join {{ ref('int_churn__rules_dated') }} as rules
    group by
        least(
            known.next_purchase_date,
            {{ add_days('known.business_date', 'cast(rules.days as integer) + 1') }}
        )
),

stocks as (
    select
        moments.moment,
        coalesce(sum(changes.customers), 0) as customers
    from moments
    left join changes on moments.moment >= changes.change_date
    group by moments.moment
),

events as (
    select
        first_purchase_date as event_date,
        1 as new_customers,
        0 as regained_customers,
        0 as lost_customers,
        null as regained_value
    from {{ ref('int_customers__first_purchases_dated') }}
    union all
    select
        returned_date as event_date,
        0 as new_customers,
        1 as regained_customers,
        0 as lost_customers,
        net_spend_year_before as regained_value
    from {{ ref('int_churn__losses_found') }}
    where returned_date is not null
    union all
    select
        lost_date as event_date,
        0 as new_customers,
        0 as regained_customers,
        1 as lost_customers,
        null as regained_value
    from {{ ref('int_churn__losses_found') }}
),

flows as (
    select
        periods.period_kind,
        periods.period_start,
        sum(events.new_customers) as new_customers,
        sum(events.regained_customers) as regained_customers,
        sum(events.lost_customers) as lost_customers,
        sum(events.regained_value) as regained_value
    from {{ ref('int_retention__periods_listed') }} as periods
    inner join events
        on periods.period_start <= events.event_date and periods.period_end >= events.event_date
    group by periods.period_kind, periods.period_start
)

select
    periods.period_kind,
    periods.period_start,
    periods.period_end,
    cast(opening.customers as integer) as opening_customers,
    cast(coalesce(flows.new_customers, 0) as integer) as new_customers,
    cast(coalesce(flows.regained_customers, 0) as integer) as regained_customers,
    cast(coalesce(flows.lost_customers, 0) as integer) as lost_customers,
    cast(closing.customers as integer) as closing_customers,
    cast(flows.regained_value as decimal(18, 2)) as regained_value
from {{ ref('int_retention__periods_listed') }} as periods
inner join stocks as opening
    on {{ add_days('periods.period_start', -1) }} = opening.moment
inner join stocks as closing
    on periods.period_end = closing.moment
left join flows
    on
        periods.period_kind = flows.period_kind
        and periods.period_start = flows.period_start
