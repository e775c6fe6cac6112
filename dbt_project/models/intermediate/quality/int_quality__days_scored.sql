-- A table: days, months and quarters are scored from it.
{{ config(materialized='table') }}

-- Reliability: rows that broke no rule. Truthfulness: standing sales that contradict nothing known,
-- and steps that fit their complaint. Timeliness: rows that came within the days of their feed.
with received as (
    select
        places.feed,
        places.store_id,
        loads.delivery_date,
        sum(places.row_count) as rows_received,
        sum(case when places.fate in ('quarantined', 'missing') then places.row_count else 0 end)
            as rows_unreliable
    from {{ ref('int_loads__rows_reconciled') }} as places
    inner join {{ ref('int_loads__files_settled') }} as loads
        on
            places.feed = loads.feed
            and places.load_id = loads.load_id
            and places.file_path = loads.file_path
    group by places.feed, places.store_id, loads.delivery_date
),

ages as (
    select
        counted.feed,
        counted.store_id,
        loads.delivery_date,
        counted.row_count,
        {{ days_between('counted.event_date', 'loads.delivery_date') }} > patience.value_number
            as is_late
    from {{ ref('int_loads__rows_counted') }} as counted
    inner join {{ ref('int_loads__files_settled') }} as loads
        on
            counted.feed = loads.feed
            and counted.load_id = loads.load_id
            and loads.status = 'loaded'
    inner join {{ ref('int_parameters__periods_dated') }} as patience
        on
            'late_days_' || counted.feed = patience.code
            and loads.delivery_date >= patience.valid_from
            and loads.delivery_date < patience.valid_before
    where counted.fate <> 'duplicate' and counted.event_date is not null
),

truths as (
    select
        'pos_sales' as feed,
        store_id,
        load_id,
        count(*) as rows_judged,
        0 as rows_false
    from {{ ref('int_sales__lines_kept') }}
    group by store_id, load_id
    union all
    select
        'pos_sales' as feed,
        store_id,
        load_id,
        0 as rows_judged,
        count(*) as rows_false
    from {{ ref('int_sales__contradictions_found') }}
    group by store_id, load_id
    union all
    select
        'complaint_events' as feed,
        complaints.store_id,
        events.load_id,
        count(*) as rows_judged,
        count(events.held_back_reason) as rows_false
    from {{ ref('int_complaints__events_placed') }} as events
    left join {{ ref('int_complaints__received_localised') }} as complaints
        on events.complaint_id = complaints.complaint_id
    group by complaints.store_id, events.load_id
),

measured as (
    select
        feed,
        store_id,
        delivery_date,
        rows_received,
        rows_unreliable,
        0 as rows_judged,
        0 as rows_false,
        0 as rows_dated,
        0 as rows_late
    from received
    union all
    select
        feed,
        store_id,
        delivery_date,
        0 as rows_received,
        0 as rows_unreliable,
        0 as rows_judged,
        0 as rows_false,
        sum(row_count) as rows_dated,
        sum(case when is_late then row_count else 0 end) as rows_late
    from ages
    group by feed, store_id, delivery_date
    union all
    select
        truths.feed,
        truths.store_id,
        loads.delivery_date,
        0 as rows_received,
        0 as rows_unreliable,
        sum(truths.rows_judged) as rows_judged,
        sum(truths.rows_false) as rows_false,
        0 as rows_dated,
        0 as rows_late
    from truths
    inner join {{ ref('int_loads__files_settled') }} as loads
        on
            truths.feed = loads.feed
            and truths.load_id = loads.load_id
            and loads.status = 'loaded'
    group by truths.feed, truths.store_id, loads.delivery_date
)

select
    feed,
    store_id,
    delivery_date,
    cast(sum(rows_received) as bigint) as rows_received,
    cast(sum(rows_unreliable) as bigint) as rows_unreliable,
    cast(sum(rows_judged) as bigint) as rows_judged,
    cast(sum(rows_false) as bigint) as rows_false,
    cast(sum(rows_dated) as bigint) as rows_dated,
    cast(sum(rows_late) as bigint) as rows_late
from measured
group by feed, store_id, delivery_date
