select
    days.entity_type,
    days.entity_id,
    days.captured_date,
    days.posts,
    days.sentiment_mean,
    days.negative_posts,
    days.posts_in_window,
    days.sentiment_window_mean,
    days.is_drop,
    context.as_of
from {{ ref('int_feedback__sentiments_averaged') }} as days
cross join {{ ref('int_build__context_stated') }} as context
