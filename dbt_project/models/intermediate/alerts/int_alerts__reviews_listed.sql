select
    'PESTEL' as analysis,
    review_id,
    factor as part,
    item_no,
    reviewed_date,
    finding,
    evidence,
    impact,
    owner_id
from {{ ref('stg_reference__pestel') }}
union all
select
    'SWOT' as analysis,
    review_id,
    quadrant as part,
    item_no,
    reviewed_date,
    finding,
    evidence,
    cast(null as bigint) as impact,
    owner_id
from {{ ref('stg_reference__swot') }}
