-- A table: pairs are counted from it for any span of days. Each pair stands once, its series in
-- order, a series alone beside itself, and all baskets of the day without one. Those of a date
-- follow from its receipts, so dates without a touched receipt are kept.
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ leave_out('int_loads__dates_touched', ['event_date']) }}"
) }}

with listed as (
    select
        business_date as event_date,
        store_id,
        receipt_id,
        series
    from {{ ref('int_baskets__series_listed') }}
),

baskets as (
    select distinct
        event_date,
        store_id,
        receipt_id,
        series
    from listed
    {{ only_touched('int_loads__dates_touched', ['event_date']) }}
)

select
    a.event_date,
    a.series as series_a,
    b.series as series_b,
    cast(count(*) as integer) as receipts
from baskets as a
inner join baskets as b
    on
        a.event_date = b.event_date
        and a.store_id = b.store_id
        and a.receipt_id = b.receipt_id
        and a.series <= b.series
group by a.event_date, a.series, b.series
union all
select
    event_date,
    cast(null as string) as series_a,
    cast(null as string) as series_b,
    cast(count(*) as integer) as receipts
from (
    select distinct
        event_date,
        store_id,
        receipt_id
    from baskets
) as receipts
group by event_date
