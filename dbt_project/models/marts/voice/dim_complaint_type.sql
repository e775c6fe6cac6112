select
    complaint_type,
    type_no,
    name_zh,
    seed_ref
from {{ ref('int_complaints__types_listed') }}
