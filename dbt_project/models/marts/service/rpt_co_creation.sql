{% set window = 'cast(rules.co_creation_window_days as integer)' %}

-- What the participant spent in the days before the project began against as many days after it
-- was done; both lie within what is known, else there is no comparison.
with firsts as (
    select min(business_date) as first_date
    from {{ ref('int_sales__customer_days_summarised') }}
),

projects as (
    select
        plans.plan_id,
        plans.title,
        plans.customer_id,
        plans.start_date,
        plans.done_date,
        plans.quoted_growth,
        {{ add_days('plans.start_date', '-' ~ window) }} >= firsts.first_date
        and {{ add_days('plans.done_date', window) }} <= rules.as_of as has_windows,
        rules.co_creation_window_days,
        rules.as_of
    from {{ ref('int_service__plans_linked') }} as plans
    cross join {{ ref('int_service__rules_dated') }} as rules
    cross join firsts
    where plans.kind = 'joint_project' and plans.start_date <= rules.as_of
),

spent as (
    {{ spend_around(
        'projects', 'plan_id', 'start_date', 'done_date', 'co_creation_window_days'
    ) }}
)

select
    projects.plan_id,
    projects.title,
    projects.customer_id,
    projects.start_date,
    projects.done_date,
    cast(projects.co_creation_window_days as integer) as window_days,
    case when projects.has_windows then cast(spent.spend_before as decimal(18, 2)) end
        as spend_before,
    case when projects.has_windows then cast(spent.spend_after as decimal(18, 2)) end
        as spend_after,
    case
        when projects.has_windows and spent.spend_before > 0
            then
                cast(spent.spend_after as double) / nullif(cast(spent.spend_before as double), 0)
                - 1
    end as growth,
    cast(projects.quoted_growth as double) as quoted_growth,
    case
        when not delivered.is_delivered then 'no data'
        when projects.customer_id is null then 'insufficient: participant unknown'
        when projects.done_date is null then 'insufficient: not done'
        when not coalesce(projects.has_windows, false) then 'insufficient: windows not both known'
        when not coalesce(spent.spend_before > 0, false) then 'insufficient: nothing spent before'
        else 'measured'
    end as status,
    coverage.coverage_pct,
    context.chain_currency as currency,
    context.as_of
from {{ ref('int_loads__feeds_delivered') }} as delivered
cross join {{ ref('int_build__context_stated') }} as context
left join projects on delivered.is_delivered
left join spent on projects.plan_id = spent.plan_id
left join {{ ref('int_sales__coverage_measured') }} as coverage
    on extract(year from projects.start_date) = coverage.calendar_year
where
    delivered.feed = 'ref_plans'
    and (projects.plan_id is not null or not delivered.is_delivered)
