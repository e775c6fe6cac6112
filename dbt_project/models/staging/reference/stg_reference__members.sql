with ranked as (
    select
        *,
        {{ version_rank(['customer_id', 'period', 'period_kind']) }} as version_rank
    from {{ source('reference', 'ref_members') }}
)

select
    customer_id,
    period,
    period_kind,
    level as member_level,
    level_from as level_from_date,
    points_opening,
    points_earned,
    points_redeemed,
    points_expired,
    points_closing,
    rewards_offered,
    rewards_redeemed,
    reward_cost,
    birthday_gift as has_birthday_gift,
    exclusive_offer as has_exclusive_offer,
    priority_service as has_priority_service,
    activities,
    updated_at,
    load_id,
    file_row
from ranked
where version_rank = 1
