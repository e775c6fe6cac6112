select
    feed,
    mart,
    has_amounts
from {{ ref('ref_feeds') }}
