-- Deliveries missed one after the other are one alert; it closes when all of them are settled.
with missed as (
    select
        store_id,
        delivery_date,
        settled_date,
        night_no - row_number() over (partition by store_id order by night_no asc) as episode
    from {{ ref('int_loads__stores_awaited') }}
    where is_missed
),

episodes as (
    select
        store_id,
        min(delivery_date) as opened_date,
        case when count(*) = count(settled_date) then max(settled_date) end as closed_date,
        count(*) as deliveries_missed
    from missed
    group by store_id, episode
)

select
    'DQ_STALE' as alert_code,
    'store' as entity_type,
    episodes.store_id as entity_id,
    episodes.opened_date,
    episodes.closed_date,
    cast(episodes.deliveries_missed as double) as alert_value,
    cast(allowed.value_number as double) as threshold,
    case when episodes.closed_date is not null then 'every missed delivery is settled' end
        as feedback
from episodes
left join {{ ref('int_parameters__periods_dated') }} as allowed
    on
        allowed.code = 'stale_store_max_missed'
        and episodes.opened_date >= allowed.valid_from
        and episodes.opened_date < allowed.valid_before
where episodes.deliveries_missed > allowed.value_number
