select
    campaign_id,
    campaign_name,
    kind,
    channels,
    is_personalised,
    control_share,
    start_date,
    end_date
from {{ ref('stg_reference__campaigns') }}
