-- From the event to the night that loads its first delivery; a correction later is no new event.
-- Nights are reckoned by the delivery date and not by the clock, so that a rebuild tells the same.
with loaded as (
    select
        dated.feed,
        dated.load_id,
        dated.file_row,
        dated.row_key,
        dated.event_date,
        dated.occurred_at,
        dated.occurred_at_is_utc,
        dated.timezone,
        loads.delivery_date,
        loads.file_path,
        repeated.row_key is not null as is_repeated
    from {{ ref('int_loads__rows_dated') }} as dated
    inner join {{ ref('int_loads__files_settled') }} as loads
        on
            dated.feed = loads.feed
            and dated.load_id = loads.load_id
            and loads.status = 'loaded'
    left join {{ ref('int_loads__rows_repeated') }} as repeated
        on dated.feed = repeated.feed and dated.row_key = repeated.row_key
    where dated.occurred_at is not null
),

arrivals as (
    select
        feed,
        event_date,
        occurred_at,
        occurred_at_is_utc,
        timezone,
        delivery_date,
        row_number() over (
            partition by feed, row_key
            order by delivery_date asc, file_path asc, load_id asc, file_row asc
        ) as arrival_no
    from loaded
    where is_repeated
    union all
    select
        feed,
        event_date,
        occurred_at,
        occurred_at_is_utc,
        timezone,
        delivery_date,
        1 as arrival_no
    from loaded
    where not is_repeated
),

-- Lines of one receipt share their moment, which is converted once for all of them.
moments as (
    select
        feed,
        event_date,
        occurred_at,
        occurred_at_is_utc,
        timezone,
        delivery_date,
        count(*) as events
    from arrivals
    where arrival_no = 1
    group by feed, event_date, occurred_at, occurred_at_is_utc, timezone, delivery_date
),

converted as (
    select
        *,
        case
            when occurred_at_is_utc then occurred_at
            else {{ local_to_utc('occurred_at', 'timezone') }}
        end as occurred_at_utc
    from moments
),

nights as (
    select
        loads.delivery_date,
        {{ local_to_utc(
            add_hours(
                'cast(' ~ add_days('loads.delivery_date', 1) ~ ' as timestamp)',
                'night.value_number'
            ),
            'context.chain_timezone'
        ) }} as loaded_at
    from (
        select distinct delivery_date from {{ ref('int_loads__files_settled') }}
    ) as loads
    cross join {{ ref('int_build__context_stated') }} as context
    inner join {{ ref('int_parameters__periods_dated') }} as night
        on
            night.code = 'night_load_hour'
            and loads.delivery_date >= night.valid_from
            and loads.delivery_date < night.valid_before
)

select
    converted.feed,
    case
        when converted.feed = 'survey_responses' then {{ month_of('converted.event_date') }}
        else converted.event_date
    end as event_date,
    cast({{ seconds_between('converted.occurred_at_utc', 'nights.loaded_at') }} as double) / 3600
        as hours_to_mart,
    converted.events
from converted
inner join nights on converted.delivery_date = nights.delivery_date
