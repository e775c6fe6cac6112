with events as (
    select
        feed,
        store_id,
        max(event_date) as last_event_date
    from {{ ref('int_loads__rows_counted') }}
    group by feed, store_id
),

feeds as (
    select
        listed.feed,
        max(spaced.delivery_date) as last_delivery_date,
        max(case when spaced.next_delivery_date is null then spaced.max_days end) as max_days
    from {{ ref('int_loads__feeds_listed') }} as listed
    left join {{ ref('int_loads__deliveries_spaced') }} as spaced on listed.feed = spaced.feed
    group by listed.feed
),

stores as (
    select
        awaited.store_id,
        max(case when not awaited.is_missed then awaited.delivery_date end) as last_on_time_date,
        cast(
            count(case when awaited.is_missed and awaited.settled_date is null then 1 end)
            as integer
        ) as deliveries_missing
    from {{ ref('int_loads__stores_awaited') }} as awaited
    group by awaited.store_id
)

select
    feeds.feed,
    cast(null as string) as store_id,
    feeds.last_delivery_date,
    max(events.last_event_date) as last_event_date,
    cast({{ days_between('feeds.last_delivery_date', 'context.as_of') }} as integer)
        as days_since_delivery,
    feeds.max_days,
    cast(null as integer) as deliveries_missing,
    {{ days_between('feeds.last_delivery_date', 'context.as_of') }} > feeds.max_days as is_stale,
    case
        when feeds.last_delivery_date is null then 'no data'
        when {{ days_between('feeds.last_delivery_date', 'context.as_of') }} > feeds.max_days
            then 'stale'
        else 'fresh'
    end as status,
    context.as_of
from feeds
cross join {{ ref('int_build__context_stated') }} as context
left join events on feeds.feed = events.feed
group by feeds.feed, feeds.last_delivery_date, feeds.max_days, context.as_of
union all
select
    'pos_sales' as feed,
    stores.store_id,
    stores.last_on_time_date as last_delivery_date,
    events.last_event_date,
    cast({{ days_between('stores.last_on_time_date', 'context.as_of') }} as integer)
        as days_since_delivery,
    cast(null as integer) as max_days,
    stores.deliveries_missing,
    stores.deliveries_missing > 0 as is_stale,
    case when stores.deliveries_missing > 0 then 'stale' else 'fresh' end as status,
    context.as_of
from stores
cross join {{ ref('int_build__context_stated') }} as context
left join events on events.feed = 'pos_sales' and stores.store_id = events.store_id
