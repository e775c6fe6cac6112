-- To corporate buyers. Allowed is what a programme open to all of a level gives, up to the limit; a
-- programme's reward to anybody else is no gift.
with gifts as (
    select
        interactions.interaction_id,
        interactions.staff_id,
        interactions.gift_value,
        campaigns.campaign_id,
        coalesce(campaigns.kind = 'programme', false) as has_public_rule,
        coalesce(interactions.customer_id, interactions.prospect_id) as buyer_id,
        rules.gift_value_max,
        rules.chain_currency as currency,
        rules.as_of,
        cast(
            case
                when interactions.occurred_at_is_utc
                    then {{ utc_to_local('interactions.occurred_at', 'rules.chain_timezone') }}
                else interactions.occurred_at
            end as date
        ) as gift_date
    from {{ ref('int_customers__interactions_linked') }} as interactions
    cross join {{ ref('int_compliance__rules_dated') }} as rules
    left join {{ ref('stg_reference__campaigns') }} as campaigns
        on interactions.campaign_id = campaigns.campaign_id
    where
        interactions.gift_value > 0
        and (
            interactions.customer_id in (
                select buyers.buyer_id
                from {{ ref('int_compliance__corporate_buyers_listed') }} as buyers
            )
            or interactions.prospect_id in (
                select buyers.buyer_id
                from {{ ref('int_compliance__corporate_buyers_listed') }} as buyers
            )
        )
)

select
    interaction_id,
    gift_date,
    buyer_id,
    staff_id,
    campaign_id,
    gift_value,
    gift_value_max,
    case
        when gift_value > gift_value_max then 'over the limit'
        when not has_public_rule then 'no public rule'
        else 'allowed'
    end as finding,
    currency,
    as_of
from gifts
where gift_date <= as_of
