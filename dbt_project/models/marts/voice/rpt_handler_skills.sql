{% set skills = ['LISTEN', 'EMPATHY', 'RESPONSE', 'KNOWLEDGE'] %}

-- An answer about a contact belongs to the handler of the customer's last complaint before it.
with asked as (
    select
        answers.wave_id,
        answers.response_id,
        answers.question_code,
        answers.score_100,
        complaints.handler_id,
        row_number() over (
            partition by answers.wave_id, answers.response_id, answers.question_code
            order by complaints.received_at_local desc, complaints.complaint_id asc
        ) as complaint_no
    from {{ ref('fct_survey_response') }} as answers
    inner join {{ ref('fct_complaint') }} as complaints
        on
            answers.customer_id = complaints.customer_id
            and answers.responded_at_local >= complaints.received_at_local
    where
        answers.question_code in (
            '{{ skills | join("', '") }}'
        )
        and answers.score_100 is not null
        and complaints.handler_id is not null
),

scored as (
    select
        handler_id,
        question_code as skill,
        count(*) as answers,
        cast(sum(score_100) as double) / count(*) as mean_score_100
    from asked
    where complaint_no = 1
    group by handler_id, question_code
),

handlers as (
    select distinct handler_id
    from {{ ref('fct_complaint') }}
    where handler_id is not null
),

skills as (
    {% for skill in skills %}
    select '{{ skill }}' as skill
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    handlers.handler_id,
    skills.skill,
    cast(coalesce(scored.answers, 0) as integer) as answers,
    scored.mean_score_100,
    scored.mean_score_100 < cast(rules.handling_skill_training_max as double) as needs_training,
    case when scored.answers is null then 'no data' else 'measured' end as status,
    rules.as_of
from handlers
cross join skills
cross join {{ ref('int_feedback__rules_dated') }} as rules
left join scored on handlers.handler_id = scored.handler_id and skills.skill = scored.skill
