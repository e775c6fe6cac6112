with ranked as (
    select
        *,
        {{ version_rank(['feedback_id']) }} as version_rank
    from {{ source('reference', 'ref_feedback') }}
)

select
    feedback_id,
    author,
    method,
    {{ clean_code('platform') }} as platform,
    posted_at,
    posted_at_is_utc,
    coalesce(anonymous, false) as is_anonymous,
    author_hash,
    customer_id,
    staff_id,
    store_id,
    coalesce(brand, 'own') as brand,
    product_code,
    product_series,
    text as verbatim,
    sentiment,
    wave_id,
    guide_id,
    interviewer_id,
    question_type,
    session_id,
    topic,
    stratum,
    key_points,
    conclusion,
    status,
    answered_at,
    answered_at_is_utc,
    closed_at,
    closed_at_is_utc,
    improvement_id,
    reward_amount,
    updated_at,
    load_id,
    file_row
from ranked
where version_rank = 1
