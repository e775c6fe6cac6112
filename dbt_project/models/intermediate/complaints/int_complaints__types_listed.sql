select
    complaint_type,
    type_no,
    name_zh,
    seed_ref
from {{ ref('ref_complaint_types') }}
union all
select
    'UNCLASSIFIED' as complaint_type,
    cast(99 as integer) as type_no,
    '未分类' as name_zh,
    cast(null as string) as seed_ref
