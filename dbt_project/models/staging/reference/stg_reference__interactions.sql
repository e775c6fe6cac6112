with ranked as (
    select
        *,
        {{ version_rank(['interaction_id']) }} as version_rank
    from {{ source('reference', 'ref_interactions') }}
)

select
    interaction_id,
    {{ quoted('at') }} as occurred_at,
    at_is_utc as occurred_at_is_utc,
    channel,
    direction,
    purpose,
    customer_id,
    prospect_id,
    staff_id,
    store_id,
    campaign_id,
    complaint_id,
    receipt_id,
    product_code,
    kind,
    order_status,
    service_phase,
    service_kind,
    opened_at,
    opened_at_is_utc,
    closed_at,
    closed_at_is_utc,
    case_id,
    handed_to_id,
    follow_up_kind,
    due_date,
    done_at,
    done_at_is_utc,
    occasion,
    reason,
    wish,
    outcome,
    is_automatic,
    is_two_way,
    is_personalised,
    gift_value,
    cost,
    updated_at,
    load_id,
    file_row
from ranked
where version_rank = 1
