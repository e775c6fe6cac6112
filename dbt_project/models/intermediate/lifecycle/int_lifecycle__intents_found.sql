with signals as (
    select
        answers.customer_id,
        cast(answers.responded_at_local as date) as signal_date
    from {{ ref('int_surveys__identities_removed') }} as answers
    inner join {{ ref('ref_intent_signals') }} as codes
        on upper(answers.question_code) = codes.question_code
    union all
    select
        customer_id,
        cast(occurred_at as date) as signal_date
    from {{ ref('int_customers__interactions_linked') }}
    where kind in ('enquiry', 'order_request')
    union all
    select
        customer_id,
        intent_date as signal_date
    from {{ ref('int_customers__prospects_linked') }}
    where intent_date is not null
)

select
    signals.customer_id,
    min(signals.signal_date) as first_intent_date
from signals
inner join {{ ref('int_build__context_stated') }} as context on signals.signal_date <= context.as_of
where signals.customer_id is not null
group by signals.customer_id
