{{ config(meta={'requirements': ['FEED-16']}) }}

select feedback.feedback_id
from {{ ref('fct_feedback') }} as feedback
left join {{ ref('ref_platforms') }} as platforms on feedback.platform = platforms.platform
where
    (feedback.platform <> 'UNKNOWN' and platforms.platform is null)
    or feedback.sentiment not between -1 and 1
