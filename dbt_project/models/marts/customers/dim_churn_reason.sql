select
    reason,
    name_zh,
    is_service_or_product,
    approach
from {{ ref('int_churn__reasons_listed') }}
