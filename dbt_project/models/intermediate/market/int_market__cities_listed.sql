select
    city,
    region
from {{ ref('ref_city_regions') }}
