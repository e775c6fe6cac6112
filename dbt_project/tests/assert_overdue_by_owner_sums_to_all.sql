{{ config(meta={'requirements': ['PERF-21']}) }}

with overdue as (
    select count(*) as duties
    from {{ ref('int_performance__duties_listed') }} as duties
    cross join {{ ref('int_build__context_stated') }} as context
    where duties.due_date < context.as_of
    union all
    select count(*) as duties
    from {{ ref('mart_complaint_sla') }}
    where resolved_at is null and cast(due_resolve_local as date) < as_of
)

select 'an alert without an owner' as finding
from {{ ref('fct_alerts') }}
where owner is null and opened_at < {{ add_days('as_of', -1) }}
union all
select 'overdue by owner is not all overdue' as finding
from (select coalesce(sum(duties), 0) as duties from overdue) as counted
cross join (
    select coalesce(sum(overdue), 0) as duties from {{ ref('rpt_accountability') }}
) as shown
where counted.duties <> shown.duties
