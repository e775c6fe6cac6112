-- A word of a customer belongs to the touchpoint reached by the day it was said.
with reached as (
    select
        touchpoint_no,
        count(*) as volume
    from {{ ref('int_journey__steps_reached') }}
    group by touchpoint_no
),

answers as (
    select
        steps.touchpoint_no,
        count(*) as answers,
        cast(sum(answers.score_100) as double) as score_sum
    from {{ ref('fct_survey_response') }} as answers
    inner join {{ ref('int_journey__steps_reached') }} as steps
        on
            answers.customer_id = steps.customer_id
            and cast(answers.responded_at_local as date) >= steps.reached_date
            and coalesce(cast(answers.responded_at_local as date) < steps.passed_date, true)
    where
        answers.dimension = 'overall'
        and answers.subject = 'own'
        and answers.score_100 is not null
    group by steps.touchpoint_no
),

complaints as (
    select
        steps.touchpoint_no,
        count(*) as complaints
    from {{ ref('fct_complaint') }} as complaints
    inner join {{ ref('int_journey__steps_reached') }} as steps
        on
            complaints.customer_id = steps.customer_id
            and complaints.received_date >= steps.reached_date
            and coalesce(complaints.received_date < steps.passed_date, true)
    group by steps.touchpoint_no
),

joined as (
    select
        listed.touchpoint_no,
        listed.touchpoint,
        listed.name_zh,
        coalesce(reached.volume, 0) as volume,
        answers.answers,
        answers.score_sum,
        coalesce(complaints.complaints, 0) as complaints
    from {{ ref('int_journey__touchpoints_listed') }} as listed
    left join reached on listed.touchpoint_no = reached.touchpoint_no
    left join answers on listed.touchpoint_no = answers.touchpoint_no
    left join complaints on listed.touchpoint_no = complaints.touchpoint_no
)

select
    cast(joined.touchpoint_no as integer) as touchpoint_no,
    joined.touchpoint,
    joined.name_zh,
    cast(joined.volume as integer) as volume,
    cast(
        joined.volume - lead(joined.volume) over (order by joined.touchpoint_no asc) as integer
    ) as drop_off,
    cast(
        {{ large_cell('joined.answers', 'joined.answers', 'rules.anonymity_min_cell') }} as integer
    ) as answers,
    {{ large_cell(
        'joined.score_sum / joined.answers', 'joined.answers', 'rules.anonymity_min_cell'
    ) }} as csat_mean_100,
    cast(joined.complaints as integer) as complaints,
    rules.as_of
from joined
cross join {{ ref('int_feedback__rules_dated') }} as rules
