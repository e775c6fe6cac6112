with waves as (
    select
        wave_id,
        count(case when kind <> 'notice' then 1 end) as questions,
        count(case when kind = 'notice' then 1 end) as notices
    from {{ ref('int_surveys__questions_listed') }}
    group by wave_id
),

findings as (
    select
        waves.wave_id,
        cast(null as string) as question_code,
        'too many questions' as finding,
        'error' as severity,
        cast(waves.questions as integer) as found,
        cast(rules.questionnaire_max_questions as integer) as allowed
    from waves
    cross join {{ ref('int_surveys__rules_dated') }} as rules
    where waves.questions > rules.questionnaire_max_questions
    union all
    select
        waves.wave_id,
        cast(null as string) as question_code,
        'no confidentiality notice' as finding,
        'error' as severity,
        0 as found,
        1 as allowed
    from waves
    where waves.notices = 0
    union all
    select
        questions.wave_id,
        questions.question_code,
        'text is too long' as finding,
        'error' as severity,
        cast(length(questions.question_text) as integer) as found,
        cast(rules.questionnaire_max_text_chars as integer) as allowed
    from {{ ref('int_surveys__questions_listed') }} as questions
    cross join {{ ref('int_surveys__rules_dated') }} as rules
    where
        questions.kind <> 'notice'
        and length(questions.question_text) > rules.questionnaire_max_text_chars
    union all
    select
        questions.wave_id,
        questions.question_code,
        case
            when questions.options < rules.questionnaire_min_options then 'too few options'
            else 'fewer options than preferred'
        end as finding,
        case
            when questions.options < rules.questionnaire_min_options then 'error'
            else 'advice'
        end as severity,
        cast(questions.options as integer) as found,
        cast(
            case
                when questions.options < rules.questionnaire_min_options
                    then rules.questionnaire_min_options
                else rules.questionnaire_good_options
            end as integer
        ) as allowed
    from {{ ref('int_surveys__questions_listed') }} as questions
    cross join {{ ref('int_surveys__rules_dated') }} as rules
    where
        questions.kind in ('closed', 'scale')
        and questions.options < rules.questionnaire_good_options
    union all
    select
        questions.wave_id,
        questions.question_code,
        'no dimension' as finding,
        'error' as severity,
        0 as found,
        1 as allowed
    from {{ ref('int_surveys__questions_listed') }} as questions
    where questions.kind in ('closed', 'scale') and questions.dimension is null
)

select
    findings.wave_id,
    findings.question_code,
    findings.finding,
    findings.severity,
    findings.found,
    findings.allowed,
    context.as_of
from findings
cross join {{ ref('int_build__context_stated') }} as context
