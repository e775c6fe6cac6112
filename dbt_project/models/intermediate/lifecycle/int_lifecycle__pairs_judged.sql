select
    stage4,
    stage5,
    is_possible,
    reason
from {{ ref('ref_lifecycle_pairs') }}
