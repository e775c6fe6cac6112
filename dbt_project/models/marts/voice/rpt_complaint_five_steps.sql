select
    viewed.complaint_id,
    viewed.five_step_no,
    viewed.name_zh,
    viewed.six_step_names_zh,
    viewed.reached_at,
    viewed.done_at,
    context.as_of
from {{ ref('int_complaints__five_steps_viewed') }} as viewed
cross join {{ ref('int_build__context_stated') }} as context
