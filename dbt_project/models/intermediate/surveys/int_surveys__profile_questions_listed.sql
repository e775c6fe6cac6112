select
    question_code,
    question
from {{ ref('ref_profile_questions') }}
