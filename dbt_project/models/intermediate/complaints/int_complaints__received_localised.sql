-- Read by many models, so worked out once a build.
{{ config(materialized='table') }}

with zoned as (
    select
        complaints.*,
        coalesce(stores.timezone, context.chain_timezone) as timezone
    from {{ ref('stg_complaints__complaints') }} as complaints
    cross join {{ ref('int_build__context_stated') }} as context
    left join {{ ref('int_stores__details_stated') }} as stores
        on complaints.store_id = stores.store_id
)

select
    zoned.complaint_id,
    case
        when zoned.received_at_is_utc then zoned.received_at
        else {{ local_to_utc('zoned.received_at', 'zoned.timezone') }}
    end as received_at,
    case
        when zoned.received_at_is_utc
            then {{ utc_to_local('zoned.received_at', 'zoned.timezone') }}
        else zoned.received_at
    end as received_at_local,
    zoned.timezone,
    zoned.channel,
    case
        when zoned.channel is not null then coalesce(channels.channel_class, 'other')
    end as channel_class,
    coalesce(merged.customer_id, zoned.customer_id) as customer_id,
    zoned.store_id,
    zoned.product_code,
    zoned.receipt_id,
    zoned.complaint_type,
    zoned.cause,
    zoned.complexity,
    zoned.severity,
    zoned.handler_id,
    zoned.verbatim is not null as has_verbatim,
    zoned.load_id
from zoned
left join {{ ref('int_channels__names_mapped') }} as channels on zoned.channel = channels.channel
left join {{ ref('int_customers__numbers_merged') }} as merged
    on zoned.customer_id = merged.member_id
