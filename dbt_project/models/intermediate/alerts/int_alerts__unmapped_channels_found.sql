-- A name is unmapped from the day it is first seen until the map has it. A platform is the channel
-- of a post and has a list of its own.
with seen as (
    select
        'channel' as entity_type,
        delivered_channel as channel,
        business_date as seen_date
    from {{ ref('int_sales__lines_kept') }}
    union all
    select
        'channel' as entity_type,
        channel,
        cast(received_at_local as date) as seen_date
    from {{ ref('int_complaints__received_localised') }}
    union all
    select
        'platform' as entity_type,
        platform as channel,
        cast(posted_at as date) as seen_date
    from {{ ref('stg_reference__feedback') }}
),

mapped as (
    select
        'channel' as entity_type,
        channel,
        valid_from
    from {{ ref('int_channels__names_mapped') }}
    union all
    select
        'platform' as entity_type,
        platform as channel,
        valid_from
    from {{ ref('ref_platforms') }}
),

names as (
    select
        entity_type,
        channel,
        min(seen_date) as opened_date,
        count(*) as times_seen
    from seen
    where channel is not null
    group by entity_type, channel
)

select
    'DQ_UNMAPPED' as alert_code,
    names.entity_type,
    names.channel as entity_id,
    names.opened_date,
    case when mapped.valid_from <= context.as_of then mapped.valid_from end as closed_date,
    cast(names.times_seen as double) as alert_value,
    cast(0 as double) as threshold,
    case when mapped.valid_from <= context.as_of then 'the name was mapped' end as feedback
from names
cross join {{ ref('int_build__context_stated') }} as context
left join mapped
    on names.entity_type = mapped.entity_type and names.channel = mapped.channel
where mapped.channel is null or names.opened_date < mapped.valid_from
