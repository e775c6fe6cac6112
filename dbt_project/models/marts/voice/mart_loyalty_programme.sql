select
    periods.customer_id,
    periods.period,
    periods.period_kind,
    periods.member_level,
    periods.level_from_date,
    cast(periods.points_opening as bigint) as points_opening,
    cast(periods.points_earned as bigint) as points_earned,
    cast(periods.points_redeemed as bigint) as points_redeemed,
    cast(periods.points_expired as bigint) as points_expired,
    cast(periods.points_closing as bigint) as points_closing,
    case
        when not periods.is_balanced then 'does not balance'
        when periods.is_overdrawn then 'more taken than earned'
        when not periods.is_carried_over then 'opens with another balance'
        else 'balanced'
    end as points_status,
    cast(periods.points_closing * rules.point_value as decimal(18, 2)) as points_liability,
    cast(periods.rewards_offered as integer) as rewards_offered,
    cast(periods.rewards_redeemed as integer) as rewards_redeemed,
    cast(periods.reward_cost as decimal(18, 2)) as reward_cost,
    periods.has_birthday_gift,
    periods.has_exclusive_offer,
    periods.has_priority_service,
    periods.activities,
    context.chain_currency as currency,
    context.as_of
from {{ ref('int_programme__periods_summarised') }} as periods
cross join {{ ref('int_programme__rules_dated') }} as rules
cross join {{ ref('int_build__context_stated') }} as context
