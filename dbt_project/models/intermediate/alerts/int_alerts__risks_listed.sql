select
    risk_id,
    risk_name,
    dimension,
    legal_type,
    likelihood,
    impact,
    evidence,
    response,
    response_reason,
    owner_id,
    action_due_date,
    action_done_date,
    opened_date,
    closed_date
from {{ ref('stg_reference__risks') }}
