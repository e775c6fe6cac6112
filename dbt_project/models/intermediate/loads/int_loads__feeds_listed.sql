select feed
from {{ ref('ref_feeds') }}
