-- Without either register there is no data on ideas, which is not the same as no ideas.
select
    'ref_feedback' as feed,
    feedback_id as register_id
from {{ ref('stg_reference__feedback') }}
union all
select
    'ref_improvements' as feed,
    improvement_id as register_id
from {{ ref('stg_reference__improvements') }}
