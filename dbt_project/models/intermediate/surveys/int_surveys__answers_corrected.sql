-- Names that a paper form or another tool spells otherwise, as the list of aliases has them.
select
    answers.wave_id,
    answers.response_id,
    answers.question_code,
    coalesce(dimensions.corrected_value, answers.dimension) as dimension,
    answers.score,
    answers.scale_min,
    answers.scale_max,
    answers.verbatim,
    answers.survey_mode,
    answers.responded_at,
    answers.responded_at_is_utc,
    answers.store_id,
    coalesce(series.corrected_value, answers.product_series) as product_series,
    answers.value_element,
    answers.subject,
    answers.is_anonymous,
    coalesce(merged.customer_id, answers.customer_id) as customer_id,
    answers.survey_trigger,
    answers.weight,
    answers.updated_at,
    answers.load_id,
    answers.file_row
from {{ ref('stg_surveys__responses') }} as answers
left join {{ ref('int_quality__aliases_dated') }} as dimensions
    on dimensions.domain = 'dimension' and answers.dimension = dimensions.alias
left join {{ ref('int_quality__aliases_dated') }} as series
    on series.domain = 'series' and answers.product_series = series.alias
left join {{ ref('int_customers__numbers_merged') }} as merged
    on answers.customer_id = merged.member_id
