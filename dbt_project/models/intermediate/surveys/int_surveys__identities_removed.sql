-- Read by many models, so worked out once a build.
{{ config(materialized='table') }}

-- What could lead back to the person ends here: beyond this model an anonymous answer has a month.
select
    wave_id,
    response_id,
    question_code,
    dimension,
    score,
    scale_min,
    scale_max,
    score_100,
    verbatim is not null as has_verbatim,
    survey_mode,
    case when not is_anonymous then responded_at_local end as responded_at_local,
    {{ month_of('responded_at_local') }} as responded_month,
    cast(extract(year from responded_at_local) as integer) as calendar_year,
    store_id,
    product_series,
    value_element,
    subject,
    is_anonymous,
    case when not is_anonymous then customer_id end as customer_id,
    survey_trigger,
    weight,
    case when not is_anonymous then load_id end as load_id
from {{ ref('int_surveys__answers_scored') }}
