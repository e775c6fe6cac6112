select
    interviews.feedback_id,
    interviews.wave_id,
    interviews.guide_id,
    interviews.interviewer_id,
    interviews.stratum,
    interviews.improvement_id,
    interviews.has_transcript,
    case
        when not interviews.has_transcript then 'no transcript'
        when interviews.question_type is null or interviews.question_type <> 'open'
            then 'questions are not open'
        when interviews.guide_id is null then 'no guide'
        when interviews.interviewer_id is null then 'no interviewer'
        when interviews.stratum is null then 'stands for no stratum'
        else 'complete'
    end as finding,
    context.as_of
from {{ ref('int_surveys__interviews_checked') }} as interviews
cross join {{ ref('int_build__context_stated') }} as context
