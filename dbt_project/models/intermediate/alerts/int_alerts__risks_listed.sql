select
    risk_id,
    dimension,
    likelihood,
    impact,
    opened_date,
    closed_date
from {{ ref('stg_reference__risks') }}
