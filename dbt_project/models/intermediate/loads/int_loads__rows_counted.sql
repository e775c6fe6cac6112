-- A table: audit, reconciliation, freshness, volume and quality scores all read these counts.
{{ config(materialized='table') }}

with loaded as (
    select
        dated.feed,
        dated.load_id,
        dated.file_row,
        dated.store_id,
        dated.event_date,
        dated.is_void,
        dated.row_key,
        dated.row_hash,
        dated.updated_at,
        dated.exported_at,
        dated.net_amount,
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
),

numbered as (
    select
        feed,
        load_id,
        store_id,
        event_date,
        is_void,
        row_hash,
        net_amount,
        row_number() over (
            partition by feed, row_hash
            order by delivery_date asc, file_path asc, load_id asc, file_row asc
        ) as occurrence,
        first_value(row_hash) over (
            partition by feed, row_key
            order by updated_at desc nulls last, exported_at desc nulls last, row_hash desc
        ) as standing_hash
    from loaded
    where is_repeated
    union all
    select
        feed,
        load_id,
        store_id,
        event_date,
        is_void,
        row_hash,
        net_amount,
        1 as occurrence,
        row_hash as standing_hash
    from loaded
    where not is_repeated
),

placed as (
    select
        numbered.*,
        case
            when numbered.occurrence > 1 then 'duplicate'
            when numbered.row_hash <> numbered.standing_hash then 'replaced'
            when numbered.is_void then 'void'
            when numbered.feed = 'pos_sales' and numbered.event_date > context.as_of
                then 'waiting'
            else 'standing'
        end as fate
    from numbered
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
