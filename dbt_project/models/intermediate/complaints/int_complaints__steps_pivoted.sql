-- Read by many models, so worked out once a build.
{{ config(materialized='table') }}

with events as (
    select
        *,
        max(case when step = 'reopened' then occurred_at end)
            over (partition by complaint_id)
            as last_reopened_at,
        max(case when follow_up_score is not null then occurred_at end)
            over (partition by complaint_id)
            as last_scored_at,
        row_number() over (
            partition by complaint_id
            order by occurred_at desc, step_no desc nulls first, step desc
        ) as newest_first
    from {{ ref('int_complaints__events_placed') }}
    where held_back_reason is null
)

select
    complaint_id,
    min(case when step = 'confirmed' then occurred_at end) as confirmed_at,
    min(case when step = 'analysed' then occurred_at end) as analysed_at,
    min(case when step = 'planned' then occurred_at end) as planned_at,
    min(case when step = 'carried_out' then occurred_at end) as carried_out_at,
    min(case when step = 'answered' then occurred_at end) as answered_at,
    min(case when step = 'followed_up' then occurred_at end) as followed_up_at,
    max(case when step in ('answered', 'followed_up') then occurred_at end) as last_feedback_at,
    max(last_reopened_at) as reopened_at,
    min(
        case
            when step = 'closed' and (last_reopened_at is null or occurred_at > last_reopened_at)
                then occurred_at
        end
    ) as closed_at,
    min(case when is_first_response then occurred_at end) as first_response_at,
    min(
        case
            when is_resolution and (last_reopened_at is null or occurred_at > last_reopened_at)
                then occurred_at
        end
    ) as resolved_at,
    max(case when occurred_at = last_scored_at then follow_up_score end) as follow_up_score,
    max(case when newest_first = 1 then step end) as current_step
from events
group by complaint_id
