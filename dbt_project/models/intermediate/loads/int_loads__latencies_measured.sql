-- From the event to the night that loads its first delivery; a correction later is no new event.
-- Nights are reckoned by the delivery date and not by the clock, so that a rebuild tells the same.
-- Those of a date follow from its rows and from all receipts of these, so untouched dates are kept.
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ leave_out('int_loads__dates_touched', ['event_date'], \"feed <> 'pos_sales'\") }}"
) }}

with dated as (
    select *
    from {{ ref('int_loads__rows_dated') }}
    {{ only_touched('int_loads__dates_touched', ['event_date'], "feed <> 'pos_sales'") }}
),

-- Lines of one receipt share their moment, which is converted once for all of them.
moments as (
    select
        dated.feed,
        dated.event_date,
        dated.occurred_at,
        dated.occurred_at_is_utc,
        dated.timezone,
        loads.delivery_date,
        count(*) as events
    from dated
    inner join {{ ref('int_loads__files_settled') }} as loads
        on
            dated.feed = loads.feed
            and dated.load_id = loads.load_id
            and loads.status = 'loaded'
    left join {{ ref('int_loads__rows_repeated') }} as repeated
        on
            dated.feed = repeated.feed
            and dated.load_id = repeated.load_id
            and dated.file_row = repeated.file_row
    where dated.occurred_at is not null and coalesce(repeated.is_first, true)
    group by
        dated.feed, dated.event_date, dated.occurred_at, dated.occurred_at_is_utc, dated.timezone,
        loads.delivery_date
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
),

measured as (
    select
        converted.feed,
        case
            when converted.feed = 'survey_responses' then {{ month_of('converted.event_date') }}
            else converted.event_date
        end as event_date,
        cast({{ seconds_between('converted.occurred_at_utc', 'nights.loaded_at') }} as double)
        / 3600 as hours_to_mart,
        converted.events
    from converted
    inner join nights on converted.delivery_date = nights.delivery_date
),

-- Nearest rank: the value at or above which the share of the rows lies.
ranked as (
    select
        feed,
        event_date,
        hours_to_mart,
        sum(events) over (
            partition by feed, event_date
            order by hours_to_mart asc
            range between unbounded preceding and current row
        ) as place,
        sum(events) over (partition by feed, event_date) as events
    from measured
)

select
    feed,
    event_date,
    cast(max(events) as bigint) as events,
    min(case when place >= 0.5 * events then hours_to_mart end) as hours_p50,
    min(case when place >= 0.95 * events then hours_to_mart end) as hours_p95
from ranked
group by feed, event_date
