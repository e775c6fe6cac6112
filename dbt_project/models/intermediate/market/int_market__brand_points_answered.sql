-- A point is answered in a year by a plan with its name as question that was done in it. The last
-- answer counts.
with answers as (
    select
        points.point_no,
        extract(year from plans.done_date) as calendar_year,
        plans.done_date,
        plans.plan_id,
        row_number() over (
            partition by points.point_no, extract(year from plans.done_date)
            order by plans.done_date desc, plans.plan_id asc, plans.milestone_no asc
        ) as place
    from {{ ref('ref_brand_points') }} as points
    inner join {{ ref('stg_reference__plans') }} as plans
        on lower(trim(plans.question)) in (points.point, points.point_zh)
    inner join {{ ref('int_build__context_stated') }} as context
        on plans.done_date <= context.as_of
    where coalesce(plans.result, plans.decision) is not null
)

select
    years.calendar_year,
    points.point_no,
    points.point,
    points.point_zh,
    points.assumed as is_assumed,
    answers.done_date,
    answers.plan_id
from {{ ref('int_build__years_listed') }} as years
cross join {{ ref('ref_brand_points') }} as points
left join answers
    on
        years.calendar_year = answers.calendar_year
        and points.point_no = answers.point_no
        and answers.place = 1
