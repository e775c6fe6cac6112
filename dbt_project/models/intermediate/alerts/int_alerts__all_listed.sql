-- Read by many models, so worked out once a build.
{{ config(materialized='table') }}

{% set kinds = [
    'stale_stores', 'stale_feeds', 'rejected_files', 'unmapped_channels', 'declines',
    'unusual_volumes', 'tier_drops', 'unowned_keys', 'silent_keys', 'attitude_drops',
    'churn_risks', 'risks_not_acted', 'valuable_declines', 'attritions', 'unfair_treatment',
    'mode_shifts', 'matrix_shifts', 'overdue_surveys', 'unanswered_weak_links', 'fighter_losses',
    'share_drops', 'supply_gaps', 'churn_surges', 'partner_reviews', 'channel_conflicts',
] %}

-- A new kind of alert is one model with these columns, named here, and a line of ref_alerts; one
-- whose cases may overlap is named in int_alerts__overlapping_cases_found instead.
{% for kind in kinds %}
select
    alert_code,
    entity_type,
    entity_id,
    opened_date,
    closed_date,
    alert_value,
    threshold,
    feedback,
    cast(1 as integer) as cases
from {{ ref('int_alerts__' ~ kind ~ '_found') }}
union all
{% endfor %}
select
    alert_code,
    entity_type,
    entity_id,
    opened_date,
    closed_date,
    alert_value,
    threshold,
    feedback,
    cases
from {{ ref('int_alerts__overlapping_cases_found') }}
