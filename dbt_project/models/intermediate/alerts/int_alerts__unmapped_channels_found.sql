-- A name is unmapped from the day it is first seen until the map has it.
with seen as (
    select
        delivered_channel as channel,
        business_date as seen_date
    from {{ ref('int_sales__lines_kept') }}
    union all
    select
        channel,
        cast(received_at_local as date) as seen_date
    from {{ ref('int_complaints__received_localised') }}
),

names as (
    select
        channel,
        min(seen_date) as opened_date,
        count(*) as times_seen
    from seen
    where channel is not null
    group by channel
)

select
    'DQ_UNMAPPED' as alert_code,
    'channel' as entity_type,
    names.channel as entity_id,
    names.opened_date,
    case when map.valid_from <= context.as_of then map.valid_from end as closed_date,
    cast(names.times_seen as double) as alert_value,
    cast(0 as double) as threshold,
    case when map.valid_from <= context.as_of then 'the name was mapped' end as feedback
from names
cross join {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_channels__names_mapped') }} as map on names.channel = map.channel
where map.channel is null or names.opened_date < map.valid_from
