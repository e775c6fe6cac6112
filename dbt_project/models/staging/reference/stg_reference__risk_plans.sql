with ranked as (
    select
        *,
        {{ version_rank(['plan_id']) }} as version_rank
    from {{ source('reference', 'ref_risk_plans') }}
)

select
    plan_id,
    risk_id,
    identification,
    steps,
    duties,
    resources,
    communication,
    owner_id,
    valid_from as valid_from_date,
    drilled_date,
    updated_date,
    updated_at,
    load_id,
    file_row
from ranked
where version_rank = 1
