with ranked as (
    select
        *,
        {{ version_rank(['record_id']) }} as version_rank
    from {{ source('reference', 'ref_crisis_plans') }}
)

select
    record_id,
    record as record_kind,
    crisis_type,
    title,
    team_ids,
    outside_partners,
    owner_id,
    valid_from as valid_from_date,
    review_date,
    detected_at,
    detected_at_is_utc,
    plan_started_at,
    plan_started_at_is_utc,
    statement_at,
    statement_at_is_utc,
    closed_at,
    closed_at_is_utc,
    reviewed_date,
    lessons,
    updated_at,
    load_id,
    file_row
from ranked
where version_rank = 1
