{% set kinds = [
    'stale_stores', 'stale_feeds', 'rejected_files', 'unmapped_channels', 'declines',
    'unusual_volumes', 'tier_drops', 'unowned_keys', 'silent_keys', 'attitude_drops',
] %}

-- A new kind of alert is one model with these columns, named here, and a line of ref_alerts.
{% for kind in kinds %}
select
    alert_code,
    entity_type,
    entity_id,
    opened_date,
    closed_date,
    alert_value,
    threshold,
    feedback
from {{ ref('int_alerts__' ~ kind ~ '_found') }}
{% if not loop.last %}union all{% endif %}
{% endfor %}
