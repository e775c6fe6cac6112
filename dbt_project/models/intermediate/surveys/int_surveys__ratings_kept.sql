{% set code = 'upper(trim(answers.question_code))' %}

-- What a question asks for: its own meaning by ref_survey_roles (TRUST, also as Q_TRUST or
-- TRUST_1), else satisfaction with one of the dimensions, else its dimension, such as attitude.
-- A table: most survey marts read it.
{{ config(materialized='table') }}

with named as (
    select
        answers.*,
        case when substr({{ code }}, 1, 2) = 'Q_' then substr({{ code }}, 3) else {{ code }} end
            as bare_code
    from {{ ref('int_surveys__identities_removed') }} as answers
    where answers.score_100 is not null
)

select
    answers.wave_id,
    answers.response_id,
    answers.wave_id || ' ' || answers.response_id as respondent,
    answers.question_code,
    coalesce(
        roles.role,
        case when dimensions.dimension is not null then 'satisfaction' end,
        answers.dimension
    ) as role,
    answers.dimension,
    questions.attitude_part,
    answers.score,
    answers.scale_min,
    answers.scale_max,
    answers.score_100,
    answers.score > answers.scale_max - rules.csat_top_points as is_top,
    answers.survey_mode,
    answers.responded_at_local,
    answers.responded_month,
    answers.calendar_year,
    answers.store_id,
    answers.product_series,
    answers.value_element,
    answers.subject,
    answers.is_anonymous,
    answers.customer_id,
    answers.survey_trigger,
    answers.weight
from named as answers
cross join {{ ref('int_surveys__rules_dated') }} as rules
left join {{ ref('ref_survey_roles') }} as roles
    on
        answers.bare_code = roles.question_code
        or substr(answers.bare_code, 1, length(roles.question_code) + 1)
        = roles.question_code || '_'
left join {{ ref('ref_survey_dimensions') }} as dimensions
    on answers.dimension = dimensions.dimension
left join {{ ref('int_surveys__questions_listed') }} as questions
    on
        answers.wave_id = questions.wave_id
        and answers.question_code = questions.question_code
