select
    volumes.store_id,
    volumes.business_date,
    volumes.row_count,
    volumes.weeks_compared,
    volumes.usual_rows,
    volumes.ratio,
    volumes.low_ratio,
    volumes.high_ratio,
    volumes.ratio < volumes.low_ratio or volumes.ratio > volumes.high_ratio as is_unusual,
    context.as_of
from {{ ref('int_loads__volumes_compared') }} as volumes
cross join {{ ref('int_build__context_stated') }} as context
where not coalesce(volumes.business_date > context.as_of, false)
