{% set questions = [('ROLE', 'buying_role'), ('MOTIVE', 'motive'), ('OCCASION', 'occasion')] %}

-- Only answers of the list leave the questionnaire: free text may name somebody.
with known as (
    select
        answers.customer_id,
        map.question_code,
        map.answer,
        cast(answers.responded_at_local as date) as answered_date,
        row_number() over (
            partition by answers.customer_id, map.question_code
            order by answers.responded_at_local desc, map.answer asc
        ) as place
    from {{ ref('int_surveys__answers_scored') }} as answers
    inner join {{ ref('ref_use_answers') }} as map
        on
            upper(answers.question_code) = map.question_code
            and lower(trim(answers.verbatim)) in (map.answer, map.answer_zh)
    where
        not answers.is_anonymous
        and answers.customer_id is not null
        and answers.subject = 'own'
)

select
    customer_id,
{% for code, name in questions %}
max(case when question_code = '{{ code }}' then answer end) as {{ name }},
max(case when question_code = '{{ code }}' then answered_date end)
    as {{ name }}_answered_date{{ ',' if not loop.last }}
{% endfor %}
from known
where place = 1
group by customer_id
