-- Nearly all rows come once, and only those of keys that came again are put in order. What is kept
-- of a receipt follows from its rows and the deliveries of their loads, which are stated facts.
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ leave_out(
        'int_sales__receipts_touched', ['store_id', 'receipt_id'], \"feed <> 'pos_sales'\"
    ) }}"
) }}

with receipts as (
    select distinct
        store_id,
        receipt_id
    from {{ ref('int_sales__versions_replaced') }}
    {{ only_touched('int_sales__receipts_touched', ['store_id', 'receipt_id']) }}
),

keys as (
    select
        feed,
        row_key
    from {{ ref('stg_lake__rows') }}
    where feed <> 'pos_sales'
    group by feed, row_key
    having count(*) > 1
),

delivered as (
    select
        'pos_sales' as feed,
        sales.store_id,
        sales.receipt_id,
        cast(sales.line_no as string) as row_key,
        sales.load_id,
        sales.file_row,
        sales.row_hash,
        sales.updated_at,
        sales.exported_at
    from {{ ref('stg_pos__sale_versions') }} as sales
    inner join receipts
        on sales.store_id = receipts.store_id and sales.receipt_id = receipts.receipt_id
    union all
    select
        others.feed,
        cast(null as string) as store_id,
        cast(null as string) as receipt_id,
        others.row_key,
        others.load_id,
        others.file_row,
        others.row_hash,
        others.updated_at,
        others.exported_at
    from {{ ref('stg_lake__rows') }} as others
    inner join keys on others.feed = keys.feed and others.row_key = keys.row_key
    where others.feed <> 'pos_sales'
),

ranked as (
    select
        delivered.feed,
        delivered.store_id,
        delivered.receipt_id,
        delivered.load_id,
        delivered.file_row,
        delivered.row_hash,
        row_number() over (
            partition by delivered.feed, delivered.row_hash
            order by
                loads.delivery_date asc, loads.file_path asc, loads.load_id asc,
                delivered.file_row asc
        ) as occurrence,
        row_number() over (
            partition by
                delivered.feed, delivered.store_id, delivered.receipt_id, delivered.row_key
            order by
                loads.delivery_date asc, loads.file_path asc, loads.load_id asc,
                delivered.file_row asc
        ) as arrival_no,
        first_value(delivered.row_hash) over (
            partition by
                delivered.feed, delivered.store_id, delivered.receipt_id, delivered.row_key
            order by
                delivered.updated_at desc nulls last,
                delivered.exported_at desc nulls last,
                delivered.row_hash desc
        ) as standing_hash
    from delivered
    inner join {{ ref('int_loads__files_settled') }} as loads
        on
            delivered.feed = loads.feed
            and delivered.load_id = loads.load_id
            and loads.status = 'loaded'
)

select
    feed,
    store_id,
    receipt_id,
    load_id,
    file_row,
    occurrence > 1 as is_duplicate,
    row_hash <> standing_hash as is_replaced,
    arrival_no = 1 as is_first
from ranked
