select
    reason,
    name_zh,
    is_service_or_product,
    approach
from {{ ref('ref_churn_reasons') }}
