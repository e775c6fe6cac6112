-- Every buyer is judged on as_of. The past is judged on the customer's purchase days, on the days
-- on which a silence counts or a purchase leaves the window, and at the ends of months until the
-- customer is lost: days that follow from the sales alone, whenever the build runs. As_of is apart
-- though it be such a day too, so that who asks for as_of alone finds no days of the past.

-- What is older than all windows when a customer is judged first gives no day to judge.
with purchases as (
    select
        known.customer_id,
        known.business_date,
        known.next_purchase_date
    from {{ ref('int_lifecycle__purchases_accumulated') }} as known
    cross join {{ ref('int_lifecycle__rules_dated') }} as rules
    inner join {{ ref('int_lifecycle__customers_judged') }} as customers
        on
            known.customer_id = customers.customer_id
            and {{ add_days(
                'known.business_date',
                'cast(greatest(rules.active_window_days, rules.churn_days, '
                ~ 'rules.decline_silent_days) as integer) + 1'
            ) }} >= customers.judged_from
),

events as (
    select
        purchases.customer_id,
        purchases.business_date as event_date
    from purchases
    union all
    select
        purchases.customer_id,
        {{ add_days('purchases.business_date', 'cast(rules.active_window_days as integer) + 1') }}
            as event_date
    from purchases
    cross join {{ ref('int_lifecycle__rules_dated') }} as rules
    union all
    select
        purchases.customer_id,
        {{ add_days('purchases.business_date', 'cast(rules.churn_days as integer) + 1') }}
            as event_date
    from purchases
    inner join {{ ref('int_lifecycle__rules_dated') }} as rules
        on
            {{ days_between('purchases.business_date', 'purchases.next_purchase_date') }}
            > rules.churn_days
    union all
    select
        purchases.customer_id,
        {{ add_days('purchases.business_date', 'cast(rules.decline_silent_days as integer) + 1') }}
            as event_date
    from purchases
    inner join {{ ref('int_lifecycle__rules_dated') }} as rules
        on
            {{ days_between('purchases.business_date', 'purchases.next_purchase_date') }}
            > rules.decline_silent_days
    union all
    select
        purchases.customer_id,
        months.month_end as event_date
    from purchases
    cross join {{ ref('int_lifecycle__rules_dated') }} as rules
    inner join {{ ref('int_build__months_listed') }} as months
        on
            purchases.business_date <= months.month_end
            and purchases.next_purchase_date > months.month_end
            and months.month_end
            <= {{ add_days('purchases.business_date', 'cast(rules.churn_days as integer)') }}
    where months.is_closed
)

select distinct
    events.customer_id,
    events.event_date as judged_date,
    false as is_as_of
from events
inner join {{ ref('int_lifecycle__customers_judged') }} as customers
    on events.customer_id = customers.customer_id and events.event_date >= customers.judged_from
inner join {{ ref('int_build__context_stated') }} as context
    on events.event_date <= context.as_of
union all
select
    purchases.customer_id,
    context.as_of as judged_date,
    true as is_as_of
from {{ ref('int_lifecycle__purchases_accumulated') }} as purchases
inner join {{ ref('int_build__context_stated') }} as context
    on purchases.next_purchase_date > context.as_of
