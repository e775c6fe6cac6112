-- Read by many models, so worked out once a build.
{{ config(materialized='table') }}

-- What the chain delivers about its channels goes before the map of the house.
with delivered as (
    select
        channel,
        channel_class as source_class,
        coalesce(is_new, kind in ('live_stream', 'content', 'community')) as is_new,
        coalesce(from_date, cast('1900-01-01' as date)) as valid_from
    from {{ ref('stg_reference__channels') }}
)

select
    coalesce(delivered.channel, map.channel) as channel,
    coalesce(
        map.channel_class,
        case when delivered.source_class = 'offline' then 'in_store' else delivered.source_class end
    ) as channel_class,
    coalesce(delivered.source_class, map.source_class) as source_class,
    coalesce(map.valid_from, delivered.valid_from) as valid_from,
    coalesce(delivered.is_new, map.is_new, false) as is_new
from {{ ref('ref_channels') }} as map
full outer join delivered on map.channel = delivered.channel
