-- A solution is verified by the first word of the customer after it: the follow-up step, a talk of
-- both sides, or an answer to a survey on the complaint. Words before the solution verify nothing.
with solved as (
    select
        complaints.complaint_id,
        complaints.customer_id,
        complaints.timezone,
        steps.resolved_at,
        steps.reopened_at,
        steps.closed_at,
        cast({{ utc_to_local('steps.resolved_at', 'complaints.timezone') }} as date)
            as resolved_date
    from {{ ref('int_complaints__received_localised') }} as complaints
    left join {{ ref('int_complaints__steps_pivoted') }} as steps
        on complaints.complaint_id = steps.complaint_id
),

told as (
    select
        solved.complaint_id,
        events.occurred_at as told_at,
        'follow-up' as told_by,
        cast(events.follow_up_score as double) as score_100
    from solved
    inner join {{ ref('int_complaints__events_placed') }} as events
        on
            solved.complaint_id = events.complaint_id
            and events.step = 'followed_up'
            and events.held_back_reason is null
            and solved.resolved_at <= events.occurred_at
    union all
    select
        solved.complaint_id,
        case
            when calls.done_at_is_utc then calls.done_at
            else {{ local_to_utc('calls.done_at', 'solved.timezone') }}
        end as told_at,
        'contact' as told_by,
        cast(null as double) as score_100
    from solved
    inner join {{ ref('stg_reference__interactions') }} as calls
        on solved.complaint_id = calls.complaint_id
    where
        calls.is_two_way
        and case
            when calls.done_at_is_utc then calls.done_at
            else {{ local_to_utc('calls.done_at', 'solved.timezone') }}
        end >= solved.resolved_at
    union all
    select
        solved.complaint_id,
        {{ local_to_utc('answers.responded_at_local', 'solved.timezone') }} as told_at,
        'survey' as told_by,
        cast(answers.score_100 as double) as score_100
    from solved
    inner join {{ ref('int_surveys__identities_removed') }} as answers
        on
            solved.customer_id = answers.customer_id
            and answers.survey_trigger = 'complaint'
            and answers.subject = 'own'
            and {{ local_to_utc('answers.responded_at_local', 'solved.timezone') }}
            >= solved.resolved_at
    inner join {{ ref('int_parameters__periods_dated') }} as allowed
        on
            allowed.code = 'complaint_survey_days'
            and solved.resolved_date >= allowed.valid_from
            and solved.resolved_date < allowed.valid_before
            and cast(answers.responded_at_local as date)
            <= {{ add_days('solved.resolved_date', 'cast(allowed.value_number as integer)') }}
),

summarised as (
    select
        complaint_id,
        min(told_at) as verified_at,
        min(case when told_by = 'follow-up' then told_at end) as followed_up_at,
        min(case when told_by = 'contact' then told_at end) as contacted_at,
        sum(score_100) / nullif(count(score_100), 0) as post_resolution_csat
    from told
    group by complaint_id
)

select
    solved.complaint_id,
    solved.resolved_at,
    solved.resolved_date,
    solved.closed_at,
    solved.reopened_at is not null as is_reopened,
    {{ add_days('solved.resolved_date', 'cast(patience.value_number as integer)') }}
        as verify_due_date,
    patience.value_number as verify_days,
    summarised.verified_at is not null as is_verified,
    summarised.verified_at,
    case
        when summarised.verified_at = summarised.followed_up_at then 'follow-up'
        when summarised.verified_at = summarised.contacted_at then 'contact'
        when summarised.verified_at is not null then 'survey'
    end as verified_by,
    cast({{ utc_to_local('summarised.verified_at', 'solved.timezone') }} as date) as verified_date,
    summarised.post_resolution_csat,
    coalesce(
        solved.closed_at is not null
        and (summarised.verified_at is null or summarised.verified_at > solved.closed_at),
        false
    ) as is_closed_unverified
from solved
left join summarised on solved.complaint_id = summarised.complaint_id
left join {{ ref('int_parameters__periods_dated') }} as patience
    on
        patience.code = 'complaint_verify_days'
        and solved.resolved_date >= patience.valid_from
        and solved.resolved_date < patience.valid_before
