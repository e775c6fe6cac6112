{% set new_on_time = "arrivals.event_date > nights.date_before"
    ~ " and arrivals.event_date <= nights.delivery_date" %}

-- Each delivery of the tills should bring news, since the delivery before, of every store that is
-- open. News that comes with a later delivery is late; a store that never sends any may have had
-- no sale, and is no longer waited for after a while.
with nights as (
    select
        delivery_date,
        lag(delivery_date, 1, cast('1900-01-01' as date)) over (
            order by delivery_date asc
        ) as date_before,
        cast(row_number() over (order by delivery_date asc) as integer) as night_no
    from (
        select distinct delivery_date
        from {{ ref('int_loads__files_settled') }}
        where feed = 'pos_sales' and status <> 'rejected'
    ) as delivered
),

arrivals as (
    select distinct
        counted.store_id,
        counted.event_date,
        loads.delivery_date
    from {{ ref('int_loads__rows_counted') }} as counted
    inner join {{ ref('int_loads__files_settled') }} as loads
        on
            counted.feed = loads.feed
            and counted.load_id = loads.load_id
            and loads.status = 'loaded'
    where counted.feed = 'pos_sales'
),

stores as (
    select
        coalesce(stores.store_id, seen.store_id) as store_id,
        coalesce(stores.opened_date, seen.first_date) as opened_date,
        stores.closed_date
    from {{ ref('int_stores__details_stated') }} as stores
    full outer join (
        select
            store_id,
            min(event_date) as first_date
        from arrivals
        group by store_id
    ) as seen on stores.store_id = seen.store_id
),

awaited as (
    select
        stores.store_id,
        nights.delivery_date,
        nights.night_no,
        min(arrivals.delivery_date) as arrived_date
    from nights
    inner join stores
        on
            nights.delivery_date >= stores.opened_date
            and not coalesce(nights.delivery_date > stores.closed_date, false)
    left join arrivals
        on
            stores.store_id = arrivals.store_id
            and {{ new_on_time }}
    group by stores.store_id, nights.delivery_date, nights.night_no
)

select
    awaited.store_id,
    awaited.delivery_date,
    awaited.night_no,
    awaited.arrived_date,
    coalesce(awaited.arrived_date > awaited.delivery_date, true) as is_missed,
    case
        when awaited.arrived_date is not null then awaited.arrived_date
        when
            {{ add_days('awaited.delivery_date', 'cast(patience.value_number as integer)') }}
            <= context.as_of
            then {{ add_days('awaited.delivery_date', 'cast(patience.value_number as integer)') }}
    end as settled_date
from awaited
cross join {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_parameters__periods_dated') }} as patience
    on
        patience.code = 'stale_store_forget_days'
        and awaited.delivery_date >= patience.valid_from
        and awaited.delivery_date < patience.valid_before
