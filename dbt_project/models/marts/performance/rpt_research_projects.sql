-- Research for one problem: asked, done how, found what, decided what. A project that is closed
-- owes a result and a decision.
with waves as (
    select
        plans.plan_id,
        count(waves.wave_id) as waves
    from {{ ref('int_performance__plans_summarised') }} as plans
    cross join {{ ref('int_build__context_stated') }} as context
    inner join {{ ref('int_surveys__waves_listed') }} as waves
        on
            plans.start_date <= waves.last_date
            and coalesce(plans.done_date, context.as_of) >= waves.first_month
    group by plans.plan_id
)

select
    plans.plan_id,
    plans.title,
    plans.owner_id,
    plans.start_date,
    plans.due_date,
    plans.done_date,
    plans.question,
    plans.method,
    plans.result,
    plans.decision,
    cast(coalesce(waves.waves, 0) as integer) as survey_waves,
    case
        when plans.done_date is not null then 'closed'
        when plans.due_date < context.as_of then 'overdue'
        else 'open'
    end as status,
    nullif(
        case when plans.question is null then 'no question; ' else '' end
        || case when plans.method is null then 'no method; ' else '' end
        || case
            when plans.done_date is not null and plans.result is null
                then 'closed without a result; '
            else ''
        end
        || case
            when plans.done_date is not null and plans.decision is null
                then 'closed without a decision; '
            else ''
        end,
        ''
    ) as findings,
    context.as_of
from {{ ref('int_performance__plans_summarised') }} as plans
cross join {{ ref('int_build__context_stated') }} as context
left join waves on plans.plan_id = waves.plan_id
where plans.kind = 'research'
