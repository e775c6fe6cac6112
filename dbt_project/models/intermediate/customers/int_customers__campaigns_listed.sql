select
    campaign_id,
    campaign_name,
    kind,
    start_date,
    end_date
from {{ ref('stg_reference__campaigns') }}
