-- Linked answers only: an anonymous one cannot be followed. A wave counts by its last answer.
with answered as (
    select
        answers.customer_id,
        answers.wave_id,
        cast(max(answers.responded_at_local) as date) as answered_date,
        cast(sum(answers.score_100) as double) / count(*) as attitude
    from {{ ref('int_surveys__identities_removed') }} as answers
    inner join {{ ref('int_build__context_stated') }} as context
        on cast(answers.responded_at_local as date) <= context.as_of
    where
        answers.dimension = 'attitude'
        and answers.subject = 'own'
        and answers.customer_id is not null
        and answers.score_100 is not null
    group by answers.customer_id, answers.wave_id
),

compared as (
    select
        answered.*,
        lag(answered.wave_id) over (
            partition by answered.customer_id
            order by answered.answered_date asc, answered.wave_id asc
        ) as previous_wave_id,
        lag(answered.attitude) over (
            partition by answered.customer_id
            order by answered.answered_date asc, answered.wave_id asc
        ) as previous_attitude,
        row_number() over (
            partition by answered.customer_id
            order by answered.answered_date asc, answered.wave_id asc
        ) as answer_no
    from answered
)

select
    compared.customer_id,
    compared.wave_id,
    compared.answered_date,
    cast(compared.answer_no as integer) as answer_no,
    compared.attitude,
    compared.previous_wave_id,
    compared.previous_attitude,
    compared.attitude - compared.previous_attitude as delta,
    cast(allowed.value_number as double) as drop_points,
    coalesce(
        round(compared.previous_attitude - compared.attitude, 6)
        >= cast(allowed.value_number as double),
        false
    ) as is_drop
from compared
left join {{ ref('int_parameters__periods_dated') }} as allowed
    on
        allowed.code = 'attitude_drop_points'
        and compared.answered_date >= allowed.valid_from
        and compared.answered_date < allowed.valid_before
