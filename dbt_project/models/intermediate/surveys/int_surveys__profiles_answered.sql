-- The newest answer to a question counts.
with answers as (
    select
        answers.customer_id,
        answers.question_code,
        answers.score,
        answers.has_verbatim,
        cast(answers.responded_at_local as date) as answered_date,
        row_number() over (
            partition by answers.customer_id, answers.question_code
            order by
                answers.responded_at_local desc,
                answers.wave_id desc,
                answers.response_id desc
        ) as place
    from {{ ref('int_surveys__identities_removed') }} as answers
    inner join {{ ref('ref_profile_questions') }} as questions
        on answers.question_code = questions.question_code
    where
        answers.customer_id is not null
        and (answers.score is not null or answers.has_verbatim)
)

select
    customer_id,
    question_code,
    score,
    has_verbatim,
    answered_date
from answers
where place = 1
