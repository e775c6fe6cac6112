select
    questions.wave_id,
    questions.question_code,
    questions.position_no,
    questions.kind,
    questions.question_text,
    lower(trim(questions.dimension)) as dimension,
    lower(trim(questions.attitude_part)) as attitude_part,
    questions.value_element,
    case
        when questions.options is null or trim(questions.options) = '' then 0
        else length(questions.options) - length(replace(questions.options, ';', '')) + 1
    end as options
from {{ ref('stg_reference__questionnaire') }} as questions
