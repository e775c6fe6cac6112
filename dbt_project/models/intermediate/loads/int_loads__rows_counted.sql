-- A table: audit, reconciliation, freshness, volume and quality scores all read these counts.
{{ config(materialized='table') }}

with numbered as (
    select
        dated.feed,
        dated.load_id,
        dated.store_id,
        dated.event_date,
        dated.is_void,
        dated.row_hash,
        dated.net_amount,
        row_number() over (
            partition by dated.feed, dated.row_hash
            order by
                loads.delivery_date asc,
                loads.file_path asc,
                dated.load_id asc,
                dated.file_row asc
        ) as occurrence,
        first_value(dated.row_hash) over (
            partition by dated.feed, dated.row_key
            order by
                dated.updated_at desc nulls last,
                dated.exported_at desc nulls last,
                dated.row_hash desc
        ) as standing_hash
    from {{ ref('int_loads__rows_dated') }} as dated
    inner join {{ ref('int_loads__files_settled') }} as loads
        on
            dated.feed = loads.feed
            and dated.load_id = loads.load_id
            and loads.status = 'loaded'
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
