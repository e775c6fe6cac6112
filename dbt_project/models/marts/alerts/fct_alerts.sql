select
    found.alert_code,
    found.entity_type,
    found.entity_id,
    found.opened_date as opened_at,
    found.closed_date as closed_at,
    case when found.closed_date is null then 'open' else 'closed' end as status,
    case when found.closed_date is null then 'signal' else 'feedback' end as stage,
    codes.severity,
    found.alert_value as value,
    found.threshold,
    codes.owner,
    codes.runbook,
    case when found.closed_date is not null then codes.response end as response,
    found.feedback,
    context.as_of
from {{ ref('int_alerts__all_listed') }} as found
cross join {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_alerts__codes_listed') }} as codes on found.alert_code = codes.alert_code
