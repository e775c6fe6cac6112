with ranked as (
    select
        *,
        {{ version_rank(['wave_id', 'question_code']) }} as version_rank
    from {{ source('reference', 'ref_questionnaire') }}
)

select
    wave_id,
    question_code,
    position as position_no,
    kind,
    text as question_text,
    dimension,
    attitude_part,
    value_element,
    options,
    updated_at,
    load_id,
    file_row
from ranked
where version_rank = 1
