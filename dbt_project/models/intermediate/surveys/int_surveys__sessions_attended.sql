select
    session_id,
    feedback_id,
    wave_id,
    cast(posted_at as date) as held_date,
    customer_id,
    topic,
    stratum,
    improvement_id,
    coalesce(trim(key_points) <> '', false) as has_key_points,
    coalesce(trim(conclusion) <> '', false) as has_conclusion
from {{ ref('int_customers__feedback_linked') }}
where method = 'focus_group' and session_id is not null
