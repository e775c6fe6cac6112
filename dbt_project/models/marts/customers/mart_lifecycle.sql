with staged as (
    select
        customers.customer_id,
        -- Whoever is known to the chain without a purchase is a contact on trial.
        coalesce(stages.stage4, 'exploration') as stage4,
        coalesce(stages.stage4_reason, 'contact without a purchase') as stage4_reason,
        case
            when stages.customer_id is null then customers.first_seen_date
            else stages.stage4_since
        end as stage4_since,
        case
            when stages.stage5 is not null then stages.stage5
            when intents.customer_id is not null then 'intention'
            else 'potential'
        end as stage5,
        case
            when stages.stage5 is not null then stages.stage5_reason
            when
                intents.customer_id is not null
                then 'an answer or enquiry shows a wish, no purchase'
            when register.has_prospects then 'contact without a purchase'
            else 'contact without a purchase; no prospect register is delivered'
        end as stage5_reason,
        case
            when stages.stage5 is not null then stages.stage5_since
            else coalesce(intents.first_intent_date, customers.first_seen_date)
        end as stage5_since,
        stages.reactivated_date as reactivated_at,
        stages.tenure_days,
        stages.days_since_purchase,
        stages.receipts,
        stages.spend_trend,
        stages.spend_variation,
        stages.discount_share
    from {{ ref('dim_customer') }} as customers
    cross join (
        select count(*) > 0 as has_prospects
        from {{ ref('int_lifecycle__prospects_staged') }}
    ) as register
    left join {{ ref('int_lifecycle__stages_assigned') }} as stages
        on customers.customer_id = stages.customer_id and stages.is_as_of
    left join {{ ref('int_lifecycle__intents_found') }} as intents
        on customers.customer_id = intents.customer_id
)

select
    staged.customer_id,
    staged.stage4,
    names4.name_zh as stage4_zh,
    staged.stage4_reason,
    staged.stage4_since,
    staged.stage5,
    names5.name_zh as stage5_zh,
    staged.stage5_reason,
    staged.stage5_since,
    staged.reactivated_at,
    staged.tenure_days,
    staged.days_since_purchase,
    staged.receipts,
    staged.spend_trend,
    staged.spend_variation,
    staged.discount_share,
    context.as_of
from staged
cross join {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_lifecycle__stages_named') }} as names4
    on staged.stage4 = names4.stage and names4.model = 'stage4'
left join {{ ref('int_lifecycle__stages_named') }} as names5
    on staged.stage5 = names5.stage and names5.model = 'stage5'
