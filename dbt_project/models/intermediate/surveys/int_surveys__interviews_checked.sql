select
    feedback_id,
    wave_id,
    guide_id,
    interviewer_id,
    question_type,
    stratum,
    improvement_id,
    coalesce(trim(verbatim) <> '', false) as has_transcript
from {{ ref('stg_reference__feedback') }}
where method = 'interview'
