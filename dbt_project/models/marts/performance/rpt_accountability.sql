-- A complaint belongs to its handler, everything else to the owner it was given; what belongs to
-- nobody is a row of its own and not left out.
with duties as (
    select
        duty_kind,
        duty_id,
        owner,
        due_date
    from {{ ref('int_performance__duties_listed') }}
    union all
    select
        'complaint' as duty_kind,
        complaint_id as duty_id,
        handler_id as owner,
        cast(due_resolve_local as date) as due_date
    from {{ ref('mart_complaint_sla') }}
    where resolved_at is null
)

select
    coalesce(duties.owner, 'nobody') as owner,
    duties.duty_kind,
    cast(count(*) as integer) as open_duties,
    cast(count(case when duties.due_date < context.as_of then 1 end) as integer) as overdue,
    min(case when duties.due_date < context.as_of then duties.due_date end) as oldest_due_date,
    cast(
        max({{ days_between('duties.due_date', 'context.as_of') }}) as integer
    ) as most_days_late,
    context.as_of
from duties
cross join {{ ref('int_build__context_stated') }} as context
group by coalesce(duties.owner, 'nobody'), duties.duty_kind, context.as_of
