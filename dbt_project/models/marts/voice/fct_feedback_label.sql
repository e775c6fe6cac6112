select
    labels.feedback_id,
    labels.rule_version,
    labels.labelled_from,
    labels.labelled_before,
    labels.content_tag,
    labels.content_tag_zh,
    labels.topic_terms,
    labels.urgent_label,
    labels.urgent_terms
from {{ ref('int_feedback__labels_found') }} as labels
inner join {{ ref('fct_feedback') }} as feedback on labels.feedback_id = feedback.feedback_id
