-- Audit, reconciliation, freshness, volume and quality scores all read these counts. Those of a
-- date follow from its rows and from all receipts of these, so untouched dates are kept.
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

placed as (
    select
        dated.feed,
        dated.load_id,
        dated.store_id,
        dated.event_date,
        dated.net_amount,
        case
            when repeated.is_duplicate then 'duplicate'
            when repeated.is_replaced then 'replaced'
            when dated.is_void then 'void'
            when dated.feed = 'pos_sales' and dated.event_date > context.as_of then 'waiting'
            else 'standing'
        end as fate
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
    cross join {{ ref('int_build__context_stated') }} as context
)

select
    feed,
    load_id,
    store_id,
    event_date,
    fate,
    cast(count(*) as bigint) as row_count,
    cast(sum(net_amount) as decimal(38, 2)) as net_amount
from placed
group by feed, load_id, store_id, event_date, fate
