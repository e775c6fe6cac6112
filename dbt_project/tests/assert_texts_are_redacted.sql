{{ config(meta={'requirements': ['FB-01']}) }}

-- Eleven digits in a row are a phone, eighteen an identity document; an at sign between letters is
-- an address.
select feedback_id
from {{ ref('fct_feedback') }}
where
    {{ replace_pattern('verbatim_redacted', '[0-9]{7,}', '') }} <> verbatim_redacted
    or {{ replace_pattern('verbatim_redacted', '[a-z0-9]@[a-z0-9]', '') }} <> verbatim_redacted
