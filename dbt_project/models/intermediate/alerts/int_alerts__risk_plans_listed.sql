select
    plan_id,
    risk_id,
    identification,
    steps,
    duties,
    resources,
    communication,
    owner_id,
    valid_from_date,
    drilled_date
from {{ ref('stg_reference__risk_plans') }}
