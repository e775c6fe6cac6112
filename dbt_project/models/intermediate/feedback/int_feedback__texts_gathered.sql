-- The one place where customers' words enter, unchanged but for what the door of the lake took out
-- of them; the words as delivered lie encrypted in the vault.
select
    'complaint/' || complaint_id as feedback_id,
    verbatim as verbatim_redacted
from {{ ref('stg_complaints__complaints') }}
where verbatim is not null
union all
select
    'survey/' || case
        when is_anonymous
            then {{ text_hash("wave_id || '/' || response_id || '/' || question_code") }}
        else wave_id || '/' || response_id || '/' || question_code
    end as feedback_id,
    verbatim as verbatim_redacted
from {{ ref('stg_surveys__responses') }}
where verbatim is not null
union all
select
    'record/' || feedback_id as feedback_id,
    verbatim as verbatim_redacted
from {{ ref('stg_reference__feedback') }}
where verbatim is not null
