select
    field,
    field_zh,
    feed
from {{ ref('ref_information_fields') }}
