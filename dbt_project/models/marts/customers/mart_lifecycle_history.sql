-- Before the first purchase the contact and the wish are dated; from it on the stages are judged.
with marks as (
    select
        customer_id,
        lifecycle,
        stage,
        valid_from,
        1 as place
    from {{ ref('int_lifecycle__stages_lasting') }}
    union all
    select
        customers.customer_id,
        'stage4' as lifecycle,
        'exploration' as stage,
        customers.first_seen_date as valid_from,
        0 as place
    from {{ ref('dim_customer') }} as customers
    left join {{ ref('int_customers__first_purchases_dated') }} as firsts
        on customers.customer_id = firsts.customer_id
    where
        customers.first_seen_date < coalesce(firsts.first_purchase_date, cast('9999-12-31' as date))
    union all
    select
        customers.customer_id,
        'stage5' as lifecycle,
        'potential' as stage,
        customers.first_seen_date as valid_from,
        0 as place
    from {{ ref('dim_customer') }} as customers
    left join {{ ref('int_customers__first_purchases_dated') }} as firsts
        on customers.customer_id = firsts.customer_id
    left join {{ ref('int_lifecycle__intents_found') }} as intents
        on customers.customer_id = intents.customer_id
    where
        customers.first_seen_date < coalesce(firsts.first_purchase_date, cast('9999-12-31' as date))
        and customers.first_seen_date
        < coalesce(intents.first_intent_date, cast('9999-12-31' as date))
    union all
    select
        customers.customer_id,
        'stage5' as lifecycle,
        'intention' as stage,
        greatest(intents.first_intent_date, customers.first_seen_date) as valid_from,
        0 as place
    from {{ ref('dim_customer') }} as customers
    inner join {{ ref('int_lifecycle__intents_found') }} as intents
        on customers.customer_id = intents.customer_id
    left join {{ ref('int_customers__first_purchases_dated') }} as firsts
        on customers.customer_id = firsts.customer_id
    where
        greatest(intents.first_intent_date, customers.first_seen_date)
        < coalesce(firsts.first_purchase_date, cast('9999-12-31' as date))
),

compared as (
    select
        *,
        lag(stage) over (
            partition by customer_id, lifecycle
            order by valid_from asc, place asc
        ) as stage_before
    from marks
),

lasting as (
    select
        customer_id,
        lifecycle,
        stage,
        valid_from,
        stage_before,
        lead(valid_from) over (
            partition by customer_id, lifecycle
            order by valid_from asc, place asc
        ) as valid_before
    from compared
    where stage_before is null or stage <> stage_before
)

select
    lasting.customer_id,
    lasting.lifecycle,
    lasting.stage,
    names.name_zh as stage_zh,
    lasting.valid_from,
    lasting.valid_before,
    lasting.stage_before,
    cast(
        {{ days_between('lasting.valid_from', 'coalesce(lasting.valid_before, context.as_of)') }}
        as integer
    ) as days_lasted,
    lasting.valid_before is null as is_current,
    context.as_of
from lasting
cross join {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_lifecycle__stages_named') }} as names
    on lasting.lifecycle = names.model and lasting.stage = names.stage
where lasting.valid_from <= context.as_of
