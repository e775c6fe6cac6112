-- Between two steps of one person a case is at work; between two persons it waits. A bounce is a
-- return to somebody who had the case before.
with contacts as (
    select
        case_id,
        interaction_id,
        occurred_at,
        occurred_date,
        closed_at,
        staff_id,
        handed_to_id,
        row_number() over (
            partition by case_id order by occurred_at desc, interaction_id desc
        ) as place
    from {{ ref('fct_interaction') }}
    where case_id is not null and staff_id is not null
),

steps as (
    select
        'complaint' as case_kind,
        complaint_id as case_id,
        occurred_at,
        occurred_date,
        step_no,
        step,
        actor
    from {{ ref('fct_complaint_event') }}
    where held_back_reason is null and actor is not null
    union all
    select
        'service' as case_kind,
        case_id,
        occurred_at,
        occurred_date,
        1 as step_no,
        interaction_id as step,
        staff_id as actor
    from contacts
    union all
    select
        'service' as case_kind,
        case_id,
        closed_at as occurred_at,
        occurred_date,
        2 as step_no,
        'closed' as step,
        coalesce(handed_to_id, staff_id) as actor
    from contacts
    where place = 1 and closed_at >= occurred_at
),

ordered as (
    select
        *,
        lag(actor) over (
            partition by case_kind, case_id order by occurred_at asc, step_no asc, step asc
        ) as actor_before,
        lag(occurred_at) over (
            partition by case_kind, case_id order by occurred_at asc, step_no asc, step asc
        ) as occurred_before,
        row_number() over (
            partition by case_kind, case_id, actor order by occurred_at asc, step_no asc, step asc
        ) as turn
    from steps
),

repeated as (
    select
        case_kind,
        case_id,
        count(*) as duplicate_steps
    from (
        select
            case_kind,
            case_id,
            step
        from steps
        group by case_kind, case_id, step
        having count(distinct actor) > 1
    ) as shared
    group by case_kind, case_id
),

cases as (
    select
        case_kind,
        case_id,
        min(occurred_date) as begun_date,
        count(distinct actor) as people,
        count(case when actor <> actor_before then 1 end) as handovers,
        count(case when actor <> actor_before and turn > 1 then 1 end) as bounces,
        sum({{ seconds_between('occurred_before', 'occurred_at') }}) as seconds_total,
        sum(
            case
                when actor <> actor_before
                    then {{ seconds_between('occurred_before', 'occurred_at') }}
            end
        ) as seconds_waiting
    from ordered
    group by case_kind, case_id
)

select
    cases.case_kind,
    cases.case_id,
    cases.begun_date,
    cast(cases.people as integer) as people,
    cast(cases.handovers as integer) as handovers,
    cast(cases.bounces as integer) as bounces,
    cast(coalesce(repeated.duplicate_steps, 0) as integer) as duplicate_steps,
    cast(coalesce(cases.seconds_total, 0) as double) / 3600 as hours_total,
    cast(coalesce(cases.seconds_waiting, 0) as double) / 3600 as hours_waiting,
    cast(coalesce(cases.seconds_waiting, 0) as double) / nullif(cases.seconds_total, 0)
        as waiting_share,
    context.as_of
from cases
cross join {{ ref('int_build__context_stated') }} as context
left join repeated
    on cases.case_kind = repeated.case_kind and cases.case_id = repeated.case_id
