select
    answers.customer_id,
    min(cast(answers.responded_at_local as date)) as first_intent_date
from {{ ref('int_surveys__identities_removed') }} as answers
inner join {{ ref('ref_intent_signals') }} as signals
    on upper(answers.question_code) = signals.question_code
where answers.customer_id is not null
group by answers.customer_id
