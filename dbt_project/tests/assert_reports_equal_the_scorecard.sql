{{ config(meta={'requirements': ['PERF-17', 'ARCH-10', 'PERF-23']}) }}

-- Every figure of the evaluation report and of the manager's page is its row of the mart, and none
-- of the marts' rows that belong there is missing.
with shown as (
    select
        'evaluation' as report,
        period_kind,
        period_start,
        subject as item,
        value,
        target
    from {{ ref('rpt_evaluation') }}
    where subject_kind = 'kpi'
    union all
    select
        'executive' as report,
        'month' as period_kind,
        period_start,
        item,
        value,
        target
    from {{ ref('rpt_executive') }}
    where section <> 'alert'
),

alerts as (
    select
        alert_code,
        count(*) as alerts_open
    from {{ ref('fct_alerts') }}
    where status = 'open'
    group by alert_code
),

page as (
    select
        item,
        value
    from {{ ref('rpt_executive') }}
    where section = 'alert'
)

select
    shown.report,
    shown.item
from shown
left join {{ ref('mart_kpi_scorecard') }} as scorecard
    on
        shown.item = scorecard.kpi
        and shown.period_kind = scorecard.period_kind
        and shown.period_start = scorecard.period_start
where
    scorecard.kpi is null
    or shown.value is distinct from scorecard.value
    or shown.target is distinct from scorecard.target
union all
select
    'executive' as report,
    coalesce(page.item, alerts.alert_code) as item
from alerts
full outer join page on alerts.alert_code = page.item
where page.value is distinct from alerts.alerts_open
union all
select
    'executive' as report,
    'headlines' as item
from {{ ref('rpt_executive') }}
having count(case when section = 'headline' then 1 end) not in (0, 4)
