{{ config(meta={'requirements': ['RISK-09']}) }}

-- One report a month, and its alerts are those of fct_alerts.
with counted as (
    select
        {{ month_of('opened_at') }} as month_start,
        count(*) as alerts
    from {{ ref('fct_alerts') }}
    group by {{ month_of('opened_at') }}
)

select
    coalesce(reports.month_start, counted.month_start) as month_start,
    count(reports.month_start) as reports,
    max(reports.alerts_opened) as reported,
    max(counted.alerts) as opened
from {{ ref('rpt_risk_monthly') }} as reports
full outer join counted on reports.month_start = counted.month_start
group by coalesce(reports.month_start, counted.month_start)
having
    count(reports.month_start) <> 1
    or max(reports.alerts_opened) <> coalesce(max(counted.alerts), 0)
