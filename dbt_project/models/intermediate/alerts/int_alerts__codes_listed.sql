select
    alert_code,
    severity,
    owner,
    runbook,
    response
from {{ ref('ref_alerts') }}
