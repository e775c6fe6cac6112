-- What somebody has to do by a day: improvements until they are acted upon, milestones until they
-- are done, complaints until they are solved.
select
    'improvement' as duty_kind,
    improvement_id as duty_id,
    owner_id as owner,
    due_date
from {{ ref('int_surveys__improvements_listed') }}
where due_date is not null and act_date is null
union all
select
    'milestone' as duty_kind,
    plan_id || '/' || cast(milestone_no as string) as duty_id,
    owner_id as owner,
    due_date
from {{ ref('stg_reference__plans') }}
where due_date is not null and done_date is null
union all
select
    'alert' as duty_kind,
    alerts.alert_code || '/' || alerts.entity_id || '/' || cast(alerts.opened_date as string)
        as duty_id,
    codes.owner,
    {{ add_days('alerts.opened_date', 'cast(rules.alert_overdue_days as integer)') }} as due_date
from {{ ref('int_alerts__all_listed') }} as alerts
cross join {{ ref('int_performance__rules_dated') }} as rules
left join {{ ref('int_alerts__codes_listed') }} as codes on alerts.alert_code = codes.alert_code
where alerts.closed_date is null
