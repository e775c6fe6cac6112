with ranked as (
    select
        *,
        {{ version_rank(['wave_id', 'response_id', 'question_code']) }} as version_rank
    from {{ source('surveys', 'survey_responses') }}
)

select
    wave_id,
    response_id,
    question_code,
    {{ clean_code('dimension') }} as dimension,
    score,
    scale_min,
    scale_max,
    verbatim,
    {{ clean_code('mode') }} as survey_mode,
    responded_at,
    responded_at_is_utc,
    store_id,
    {{ clean_text('product_series') }} as product_series,
    value_element,
    coalesce(subject, 'own') as subject,
    anonymous as is_anonymous,
    customer_id,
    {{ clean_code('trigger') }} as survey_trigger,
    cast(coalesce(weight, 1) as decimal(9, 4)) as weight,
    updated_at,
    load_id,
    file_row
from ranked
where version_rank = 1
