with labelled as (
    select labels.*
    from {{ ref('int_feedback__labels_found') }} as labels
    cross join {{ ref('int_build__context_stated') }} as context
    where labels.labelled_from <= context.as_of and context.as_of < labels.labelled_before
)

select
    items.feedback_id,
    items.source_kind,
    items.author,
    items.door,
    items.platform,
    items.is_anonymous,
    items.customer_id,
    items.store_id,
    items.brand,
    items.product_code,
    items.captured_date,
    items.presented_date,
    texts.verbatim_redacted,
    scored.sentiment,
    scored.sentiment_basis,
    scored.sentiment_version,
    labelled.content_tag,
    labelled.urgent_label,
    labelled.rule_version,
    items.status,
    items.answered_date,
    items.closed_date,
    items.improvement_id
from {{ ref('int_feedback__items_gathered') }} as items
cross join {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_feedback__texts_gathered') }} as texts
    on items.feedback_id = texts.feedback_id
left join {{ ref('int_feedback__sentiments_scored') }} as scored
    on items.feedback_id = scored.feedback_id
left join labelled on items.feedback_id = labelled.feedback_id
where items.presented_date <= context.as_of
