-- Retention and customer share first, market share beside them and not alone.
with kept as (
    select
        year,
        retention_rate,
        retention_base,
        retention_reason,
        row_number() over (order by year desc) as place
    from {{ ref('mart_retention_economics') }}
    where is_closed
),

shared as (
    select *
    from {{ ref('rpt_customer_share') }}
    where segment_kind = 'all'
),

tiles as (
    select
        1 as tile_no,
        'retention' as tile,
        max(retention_rate) as tile_value,
        cast(max(year) as string) as period,
        coalesce(max(retention_reason), 'no year is over') as reason
    from kept
    where place = 1
    union all
    select
        2 as tile_no,
        'customer share' as tile,
        customer_share as tile_value,
        'last answers' as period,
        reason
    from shared
    union all
    select
        3 as tile_no,
        'market share' as tile,
        market_share as tile_value,
        cast(market_share_period as string) as period,
        'no share of the market is known' as reason
    from shared
)

select
    cast(tiles.tile_no as integer) as tile_no,
    tiles.tile,
    tiles.tile_value,
    case when tiles.tile_value is not null then tiles.period end as period,
    case when tiles.tile_value is not null then 'measured' else 'no data' end as status,
    case when tiles.tile_value is null then tiles.reason end as reason,
    context.as_of
from tiles
cross join {{ ref('int_build__context_stated') }} as context
