select
    digest.digest_date,
    digest.page_no,
    digest.item_no,
    digest.is_supplement,
    digest.presented_date,
    feedback.feedback_id,
    feedback.source_kind,
    feedback.door,
    feedback.store_id,
    feedback.product_code,
    feedback.content_tag,
    feedback.urgent_label,
    feedback.verbatim_redacted,
    context.as_of
from {{ ref('int_feedback__digest_paged') }} as digest
inner join {{ ref('fct_feedback') }} as feedback on digest.feedback_id = feedback.feedback_id
cross join {{ ref('int_build__context_stated') }} as context
