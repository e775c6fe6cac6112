-- The measures of the steady stage for all four stages, so that it can be told what is peculiar to
-- it.
with upkeep as (
    select
        contacts.customer_id,
        sum(contacts.cost) as cost
    from {{ ref('int_retention__contacts_costed') }} as contacts
    group by contacts.customer_id
),

register as (
    select count(*) > 0 as has_costs
    from {{ ref('int_retention__contacts_costed') }}
)

select
    lifecycle.stage4,
    cast(count(*) as integer) as customers,
    cast(sum(tried.has_tried_new) as double) / nullif(count(tried.customer_id), 0)
        as new_product_trial_rate,
    cast(count(case when recommendation.referrals > 0 then 1 end) as double)
    / nullif(count(recommendation.referrals), 0) as referral_rate,
    cast(sum(cast(lifecycle.discount_share as decimal(18, 6))) as double)
    / nullif(count(lifecycle.discount_share), 0)
        as mean_discount_share,
    cast(sum(cast(wallet.wallet_share as decimal(18, 6))) as double)
    / nullif(count(wallet.wallet_share), 0) as mean_wallet_share,
    cast(sum(cast(wallet.mind_share_100 as decimal(18, 6))) as double)
    / nullif(count(wallet.mind_share_100), 0) as mean_mind_share_100,
    case
        when register.has_costs
            then cast(coalesce(sum(upkeep.cost), 0) as double) / count(*)
    end as upkeep_cost_per_customer,
    lifecycle.as_of
from {{ ref('mart_lifecycle') }} as lifecycle
cross join register
left join {{ ref('int_retention__newcomers_tried') }} as tried
    on lifecycle.customer_id = tried.customer_id
left join {{ ref('mart_recommendation') }} as recommendation
    on lifecycle.customer_id = recommendation.customer_id
left join {{ ref('mart_wallet_share') }} as wallet
    on lifecycle.customer_id = wallet.customer_id and not wallet.is_inconsistent
left join upkeep on lifecycle.customer_id = upkeep.customer_id
group by lifecycle.stage4, register.has_costs, lifecycle.as_of
