select
    tracks.unit as region,
    tracks.second_track_date,
    cast(tracks.window_days as integer) as window_days,
    cast(tracks.sales_before as decimal(18, 2)) as sales_before,
    cast(tracks.sales_after as decimal(18, 2)) as sales_after,
    tracks.growth,
    tracks.share_before,
    tracks.share_after,
    100 * (tracks.share_after - tracks.share_before) as share_change_points,
    cast(tracks.comparison_units as integer) as comparison_regions,
    tracks.comparison_growth,
    tracks.growth - tracks.comparison_growth as growth_over_comparison,
    tracks.status,
    context.chain_currency as currency,
    context.as_of
from {{ ref('int_channels__tracks_compared') }} as tracks
cross join {{ ref('int_build__context_stated') }} as context
where tracks.unit_kind = 'region'
