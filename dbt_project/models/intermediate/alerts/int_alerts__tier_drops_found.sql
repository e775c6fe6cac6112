select
    'TIER_DROP_A' as alert_code,
    'customer' as entity_type,
    customer_id as entity_id,
    opened_date,
    closed_date,
    cast(spend_at_drop as double) as alert_value,
    cast(a_min as double) as threshold,
    case
        when closed_date is null then null
        when is_back_in_a then 'the rolling year is back in A'
        else 'lost: nothing was bought for a whole rolling year'
    end as feedback
from {{ ref('int_tiers__drops_found') }}
