-- Alerts of a month are those opened in it; open ones are those open at its end, or at as_of.
with months as (
    select
        listed.month_start,
        least({{ add_days(add_months('listed.month_start', 1), -1) }}, context.as_of) as month_end,
        context.as_of
    from {{ ref('int_alerts__months_listed') }} as listed
    cross join {{ ref('int_build__context_stated') }} as context
    union distinct
    select
        {{ month_of('alerts.opened_at') }} as month_start,
        least({{ add_days(add_months(month_of('alerts.opened_at'), 1), -1) }}, alerts.as_of)
            as month_end,
        alerts.as_of
    from {{ ref('fct_alerts') }} as alerts
),

alerted as (
    select
        months.month_start,
        count(case when alerts.opened_at >= months.month_start then 1 end) as alerts_opened,
        count(
            case
                when alerts.opened_at >= months.month_start and alerts.severity = 'critical' then 1
            end
        ) as critical_alerts_opened,
        count(
            case
                when alerts.closed_at between months.month_start and months.month_end then 1
            end
        ) as alerts_closed,
        count(
            case
                when
                    alerts.alert_code is not null
                    and coalesce(alerts.closed_at > months.month_end, true)
                    then 1
            end
        ) as alerts_open_at_end,
        count(
            distinct case when alerts.opened_at >= months.month_start then alerts.alert_code end
        ) as alert_codes
    from months
    left join {{ ref('fct_alerts') }} as alerts on months.month_end >= alerts.opened_at
    group by months.month_start
),

registered as (
    select
        months.month_start,
        count(
            case
                when
                    risks.opened_date <= months.month_end
                    and coalesce(risks.closed_date > months.month_end, true)
                    then 1
            end
        ) as risks_open,
        max(
            case
                when
                    risks.opened_date <= months.month_end
                    and coalesce(risks.closed_date > months.month_end, true)
                    then risks.likelihood * risks.impact
            end
        ) as highest_risk_score,
        count(
            case when risks.opened_date between months.month_start and months.month_end then 1 end
        ) as risks_entered
    from months
    inner join (
        select min(opened_date) as first_date from {{ ref('int_alerts__risks_listed') }}
    ) as begun on months.month_end >= begun.first_date
    cross join {{ ref('int_alerts__risks_listed') }} as risks
    group by months.month_start
)

select
    months.month_start,
    cast(alerted.alerts_opened as integer) as alerts_opened,
    cast(alerted.critical_alerts_opened as integer) as critical_alerts_opened,
    cast(alerted.alerts_closed as integer) as alerts_closed,
    cast(alerted.alerts_open_at_end as integer) as alerts_open_at_end,
    cast(alerted.alert_codes as integer) as alert_codes,
    cast(registered.risks_open as integer) as risks_open,
    cast(registered.risks_entered as integer) as risks_entered,
    cast(registered.highest_risk_score as integer) as highest_risk_score,
    case when registered.month_start is null then 'no data' else 'measured' end as register_status,
    months.as_of
from months
inner join alerted on months.month_start = alerted.month_start
left join registered on months.month_start = registered.month_start
