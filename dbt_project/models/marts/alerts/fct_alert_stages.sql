-- Facts are gathered, recognised and weighed in the night that sends the signal; the answer is
-- dated by the risk register or, where it names none, by the healing.
select
    alerts.alert_code,
    alerts.entity_type,
    alerts.entity_id,
    alerts.opened_at,
    stages.stage_no,
    stages.stage,
    stages.name_zh,
    case stages.stage
        when 'response' then coalesce(alerts.responded_at, alerts.closed_at)
        when 'feedback' then alerts.closed_at
        else alerts.opened_at
    end as reached_at,
    alerts.owner,
    alerts.as_of
from {{ ref('fct_alerts') }} as alerts
cross join {{ ref('int_alerts__stages_listed') }} as stages
