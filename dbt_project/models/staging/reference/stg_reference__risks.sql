with ranked as (
    select
        *,
        {{ version_rank(['risk_id']) }} as version_rank
    from {{ source('reference', 'ref_risks') }}
)

select
    risk_id,
    name as risk_name,
    dimension,
    legal_type,
    likelihood,
    impact,
    evidence,
    response,
    response_reason,
    owner_id,
    action as planned_action,
    action_due_date,
    action_done_date,
    opened_date,
    closed_date,
    cause,
    alert_code,
    entity_id,
    was_confirmed as is_confirmed,
    updated_at,
    load_id,
    file_row
from ranked
where version_rank = 1
