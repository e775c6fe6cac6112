{% set zone = 'coalesce(stores.timezone, context.chain_timezone)' %}

-- Orders by as_of with their wait; a time without an offset is that of the store.
with localised as (
    select
        times.store_id,
        times.receipt_id,
        case
            when times.ordered_at_is_utc then {{ utc_to_local('times.ordered_at', zone) }}
            else times.ordered_at
        end as ordered_at_local,
        case
            when times.served_at_is_utc then {{ utc_to_local('times.served_at', zone) }}
            else times.served_at
        end as served_at_local,
        context.as_of
    from {{ ref('stg_reference__service_times') }} as times
    cross join {{ ref('int_build__context_stated') }} as context
    left join {{ ref('int_stores__details_stated') }} as stores
        on times.store_id = stores.store_id
)

select
    store_id,
    receipt_id,
    cast(extract(year from ordered_at_local) as integer) as calendar_year,
    cast(extract(hour from ordered_at_local) as integer) as order_hour,
    cast({{ seconds_between('ordered_at_local', 'served_at_local') }} as double) / 60
        as wait_minutes
from localised
where cast(ordered_at_local as date) <= as_of and served_at_local >= ordered_at_local
