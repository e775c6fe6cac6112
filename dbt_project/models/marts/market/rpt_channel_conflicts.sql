select
    gaps.month_start,
    gaps.region,
    gaps.product_code,
    gaps.low_channel,
    cast(gaps.low_price as decimal(18, 4)) as low_price,
    gaps.high_channel,
    cast(gaps.high_price as decimal(18, 4)) as high_price,
    gaps.price_gap,
    cast(gaps.gap_limit as double) as gap_limit,
    gaps.currency,
    context.as_of
from {{ ref('int_channels__price_gaps_measured') }} as gaps
cross join {{ ref('int_build__context_stated') }} as context
where gaps.is_conflict
