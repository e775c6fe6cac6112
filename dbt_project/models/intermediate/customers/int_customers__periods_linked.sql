select
    told.customer_id as member_id,
    coalesce(merged.customer_id, told.customer_id) as customer_id,
    told.period,
    told.period_kind,
    told.member_level,
    told.level_from_date,
    told.points_opening,
    told.points_earned,
    told.points_redeemed,
    told.points_expired,
    told.points_closing,
    told.rewards_offered,
    told.rewards_redeemed,
    told.reward_cost,
    told.has_birthday_gift,
    told.has_exclusive_offer,
    told.has_priority_service,
    told.activities,
    told.updated_at,
    told.load_id,
    told.file_row
from {{ ref('stg_reference__members') }} as told
left join {{ ref('int_customers__numbers_merged') }} as merged
    on told.customer_id = merged.member_id
