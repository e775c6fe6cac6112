select
    cast(answered.calendar_year as integer) as year,
    cast(answered.point_no as integer) as point_no,
    answered.point,
    answered.point_zh,
    answered.is_assumed,
    answered.plan_id,
    answered.done_date,
    case when answered.plan_id is null then 'not done' else 'answered' end as status,
    context.as_of
from {{ ref('int_market__brand_points_answered') }} as answered
cross join {{ ref('int_build__context_stated') }} as context
