{{ config(meta={'requirements': ['COMP-17']}, severity='warn') }}

-- A link to an improvement or an item that was never delivered. A warning: drops may come in any
-- order, and the other side repairs it.
select
    improvement_id,
    feedback_id
from {{ ref('int_feedback__improvements_linked') }}
where not is_improvement_known or not is_item_known
