{% set kinds = ['return_visit', 'use_feedback', 'order_tracking', 'after_sale'] %}

-- Judged is what is done or overdue; a task whose day is still to come is neither.
with kinds as (
    {% for kind in kinds %}
    select '{{ kind }}' as follow_up_kind
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

counted as (
    select
        follow_up_kind,
        cast(extract(year from due_date) as integer) as calendar_year,
        count(*) as tasks,
        count(case when status <> 'open' then 1 end) as judged,
        count(case when status = 'on time' then 1 end) as on_time,
        count(case when status = 'late' then 1 end) as late,
        count(case when status = 'overdue' then 1 end) as overdue
    from {{ ref('rpt_follow_ups') }}
    where follow_up_kind is not null
    group by follow_up_kind, extract(year from due_date)
)

select
    kinds.follow_up_kind,
    counted.calendar_year as year,
    cast(counted.tasks as integer) as tasks,
    cast(counted.judged as integer) as judged_tasks,
    cast(counted.on_time as integer) as on_time_tasks,
    cast(counted.late as integer) as late_tasks,
    cast(counted.overdue as integer) as overdue_tasks,
    cast(counted.on_time as double) / nullif(counted.judged, 0) as on_time_rate,
    case
        when counted.tasks is null then 'no data'
        when counted.judged = 0 then 'none due yet'
        else 'measured'
    end as status,
    context.as_of
from kinds
cross join {{ ref('int_build__context_stated') }} as context
left join counted on kinds.follow_up_kind = counted.follow_up_kind
