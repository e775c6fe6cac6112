{% set answer = "case when answers.score is not null then answers.question_code || '='"
    ~ " || cast(answers.score as string) else answers.question_code end" %}

-- Answers in words stay in the lake. Before any of the questions was asked there is no data.
with questions as (
    select count(*) as questions from {{ ref('int_surveys__profile_questions_listed') }}
),

profiles as (
    select
        answers.customer_id,
        {{ text_list(answer, '; ', 'answers.question_code') }} as profile_answers,
        count(*) as answered,
        max(answers.answered_date) as last_answer_date
    from {{ ref('int_surveys__profiles_answered') }} as answers
    group by answers.customer_id
),

asked as (
    select count(*) > 0 as is_asked from profiles
)

select
    customers.customer_id,
    profiles.profile_answers,
    cast(case when asked.is_asked then coalesce(profiles.answered, 0) end as integer)
        as questions_answered,
    case
        when asked.is_asked
            then cast(coalesce(profiles.answered, 0) as double) / questions.questions
    end as profile_completeness,
    profiles.last_answer_date,
    case
        when not asked.is_asked then 'no data'
        when profiles.customer_id is null then 'unanswered'
        else 'answered'
    end as status,
    context.as_of
from {{ ref('dim_customer') }} as customers
cross join questions
cross join asked
cross join {{ ref('int_build__context_stated') }} as context
left join profiles on customers.customer_id = profiles.customer_id
where customers.is_known
