-- A member's periods in order, with what has to hold between them.
with ordered as (
    select
        *,
        lag(points_closing) over (
            partition by customer_id, period_kind order by period asc
        ) as closing_before
    from {{ ref('stg_reference__members') }}
)

select
    customer_id,
    period,
    period_kind,
    member_level,
    level_from_date,
    points_opening,
    points_earned,
    points_redeemed,
    points_expired,
    points_closing,
    points_opening + points_earned - points_redeemed - points_expired = points_closing
        as is_balanced,
    coalesce(closing_before = points_opening, true) as is_carried_over,
    points_closing < 0
    or points_redeemed + points_expired > points_opening + points_earned as is_overdrawn,
    rewards_offered,
    rewards_redeemed,
    reward_cost,
    has_birthday_gift,
    has_exclusive_offer,
    has_priority_service,
    activities
from ordered
