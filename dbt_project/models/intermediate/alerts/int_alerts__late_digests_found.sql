-- The digest of a day can be made when the night that holds its complaints has loaded, at the load
-- hour of the day after the delivery. Nights before the first delivery promise nothing.
with gaps as (
    select
        spaced.delivery_date,
        spaced.next_delivery_date,
        {{ add_days('spaced.delivery_date', 1) }} as digest_date,
        cast(night.value_number as integer) as load_hour,
        cast(ready.value_number as integer) as ready_hour,
        context.as_of
    from {{ ref('int_loads__deliveries_spaced') }} as spaced
    cross join {{ ref('int_build__context_stated') }} as context
    inner join {{ ref('int_parameters__periods_dated') }} as night
        on
            night.code = 'night_load_hour'
            and spaced.delivery_date >= night.valid_from
            and spaced.delivery_date < night.valid_before
    inner join {{ ref('int_parameters__periods_dated') }} as ready
        on
            ready.code = 'digest_ready_hour'
            and spaced.delivery_date >= ready.valid_from
            and spaced.delivery_date < ready.valid_before
    where spaced.feed = 'complaints'
),

measured as (
    select
        *,
        24 * {{ days_between('digest_date', 'coalesce(next_delivery_date, as_of)') }}
        + load_hour - ready_hour as hours_late
    from gaps
)

select
    'DIGEST_LATE' as alert_code,
    'report' as entity_type,
    'rpt_daily_verbatim_digest' as entity_id,
    {{ add_days('digest_date', 1) }} as started_date,
    case
        when next_delivery_date is not null
            then greatest(next_delivery_date, {{ add_days('digest_date', 1) }})
    end as ended_date,
    cast(hours_late as double) as measure,
    cast(0 as double) as threshold,
    'the complaints of the day were delivered' as healed_by
from measured
where hours_late > 0
