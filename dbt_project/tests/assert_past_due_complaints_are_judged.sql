{{ config(meta={'requirements': ['COMP-07']}) }}

-- A limit that has passed is met or broken, never unknown.
select
    complaint_id,
    due_response,
    due_resolve
from {{ ref('mart_complaint_sla') }}
where
    due_response is null
    or due_resolve is null
    or (met_response is null and due_response < cast(as_of as timestamp))
    or (met_resolve is null and due_resolve < cast(as_of as timestamp))
