{{ config(meta={'requirements': ['SAT-06']}) }}

select
    wave_id,
    response_id,
    question_code
from {{ ref('fct_survey_response') }}
where
    is_anonymous
    and (customer_id is not null or load_id is not null or responded_at_local is not null)
