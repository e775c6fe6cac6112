-- A plan with its milestones is one row; what it is about its first milestone says. It is done when
-- all of them are.
with told as (
    select
        plans.plan_id,
        plans.kind,
        plans.title,
        plans.question as need,
        coalesce(merged.customer_id, plans.customer_id) as customer_id,
        plans.owner_id,
        plans.start_date,
        plans.due_date,
        case when plans.done_date <= context.as_of then plans.done_date end as done_date,
        row_number() over (partition by plans.plan_id order by plans.milestone_no asc) as place
    from {{ ref('stg_reference__plans') }} as plans
    cross join {{ ref('int_build__context_stated') }} as context
    left join {{ ref('int_customers__numbers_merged') }} as merged
        on plans.customer_id = merged.member_id
    where plans.kind in ('customer', 'joint_project', 'channel')
)

select
    told.plan_id,
    max(case when told.place = 1 then told.kind end) as kind,
    max(case when told.place = 1 then told.title end) as title,
    max(case when told.place = 1 then told.need end) as need,
    max(told.customer_id) as customer_id,
    max(case when told.place = 1 then told.owner_id end) as owner_id,
    min(told.start_date) as start_date,
    max(told.due_date) as due_date,
    case when count(*) = count(told.done_date) then max(told.done_date) end as done_date,
    count(*) as milestones,
    count(told.done_date) as milestones_done,
    max(quoted.low) as quoted_growth
from told
left join {{ ref('ref_benchmarks') }} as quoted
    on told.kind = 'joint_project' and quoted.code = 'sat_20_co_creation'
group by told.plan_id
