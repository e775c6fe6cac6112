with ranked as (
    select
        *,
        {{ version_rank(['plan_id', 'milestone_no']) }} as version_rank
    from {{ source('reference', 'ref_plans') }}
)

select
    plan_id,
    milestone_no,
    kind,
    title,
    milestone,
    stage,
    owner_id,
    start_date,
    due_date,
    done_date,
    region,
    store_id,
    customer_id,
    channel,
    entry_mode,
    promotion,
    sales_network,
    resources,
    risk_measure,
    question,
    method,
    result,
    decision,
    updated_at,
    load_id,
    file_row
from ranked
where version_rank = 1
