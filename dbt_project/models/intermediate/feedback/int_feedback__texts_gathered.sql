-- The one place where customers' words enter: byte for byte as delivered. Only the model that takes
-- personal data out of them reads it.
select
    'complaint/' || complaint_id as feedback_id,
    verbatim
from {{ ref('stg_complaints__complaints') }}
where verbatim is not null
union all
select
    'survey/' || case
        when is_anonymous
            then {{ text_hash("wave_id || '/' || response_id || '/' || question_code") }}
        else wave_id || '/' || response_id || '/' || question_code
    end as feedback_id,
    verbatim
from {{ ref('stg_surveys__responses') }}
where verbatim is not null
union all
select
    'record/' || feedback_id as feedback_id,
    verbatim
from {{ ref('stg_reference__feedback') }}
where verbatim is not null
