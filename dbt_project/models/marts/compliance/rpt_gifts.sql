select
    interaction_id,
    gift_date,
    buyer_id,
    staff_id,
    campaign_id,
    gift_value,
    cast(gift_value_max as decimal(18, 2)) as gift_value_max,
    finding,
    currency,
    as_of
from {{ ref('int_compliance__gifts_judged') }}
