{{ config(meta={'requirements': ['RISK-02']}) }}

-- Every alert is on one page and has its six stages, in order.
with stages as (
    select
        alert_code,
        entity_type,
        entity_id,
        opened_at,
        count(*) as stages,
        min(case when stage = 'response' then reached_at end) as response_at,
        min(case when stage = 'feedback' then reached_at end) as feedback_at
    from {{ ref('fct_alert_stages') }}
    group by alert_code, entity_type, entity_id, opened_at
)

select
    alerts.alert_code,
    alerts.entity_id,
    alerts.opened_at
from {{ ref('fct_alerts') }} as alerts
left join {{ ref('rpt_alert_pages') }} as pages on alerts.page_id = pages.page_id
left join stages
    on
        alerts.alert_code = stages.alert_code
        and alerts.entity_type = stages.entity_type
        and alerts.entity_id = stages.entity_id
        and alerts.opened_at = stages.opened_at
where
    pages.page_id is null
    or coalesce(stages.stages, 0) <> 6
    or stages.response_at < alerts.opened_at
    or stages.feedback_at < stages.response_at
