select
    fact_kind,
    fact_key,
    valid_from,
    stated
from {{ source('lake', 'built') }}
