-- Every delivered row has one place. What was set aside has the store that its key names and the
-- date of its delivery, as its own date may be what is wrong; a rejected file has the date alone.
-- What the ledger counts and nobody holds has a place too, so that it shows as a difference.
with counted as (
    select
        feed,
        load_id,
        store_id,
        case when feed = 'survey_responses' then {{ month_of('event_date') }} else event_date end
            as business_date,
        fate,
        row_count,
        net_amount
    from {{ ref('int_loads__rows_counted') }}
),

set_aside as (
    select
        feed,
        load_id,
        case
            when feed = 'pos_sales' and length(row_key) - length(replace(row_key, '|', '')) = 2
                then {{ text_part('row_key', '|', 1) }}
        end as store_id,
        net_amount
    from {{ ref('stg_lake__quarantine') }}
),

quarantined as (
    select
        feed,
        load_id,
        store_id,
        count(*) as row_count,
        sum(net_amount) as net_amount
    from set_aside
    group by feed, load_id, store_id
),

held as (
    select
        copies.feed,
        copies.load_id,
        copies.file_path,
        counted.store_id,
        counted.business_date,
        case when copies.status = 'duplicate_file' then 'duplicate' else counted.fate end as fate,
        counted.row_count,
        counted.net_amount
    from {{ ref('int_loads__files_settled') }} as copies
    inner join counted on copies.feed = counted.feed and copies.load_id = counted.load_id
    where copies.status <> 'rejected'
    union all
    select
        copies.feed,
        copies.load_id,
        copies.file_path,
        quarantined.store_id,
        copies.delivery_date as business_date,
        case when copies.status = 'duplicate_file' then 'duplicate' else 'quarantined' end as fate,
        quarantined.row_count,
        quarantined.net_amount
    from {{ ref('int_loads__files_settled') }} as copies
    inner join quarantined
        on copies.feed = quarantined.feed and copies.load_id = quarantined.load_id
    where copies.status <> 'rejected'
    union all
    select
        feed,
        load_id,
        file_path,
        null as store_id,
        delivery_date as business_date,
        'quarantined' as fate,
        rows_received as row_count,
        net_amount_received as net_amount
    from {{ ref('int_loads__files_settled') }}
    where status = 'rejected'
    union all
    select
        feed,
        load_id,
        file_path,
        null as store_id,
        delivery_date as business_date,
        case when status = 'duplicate_file' then 'duplicate' else 'suppressed' end as fate,
        rows_suppressed as row_count,
        null as net_amount
    from {{ ref('int_loads__files_settled') }}
    where status <> 'rejected' and rows_suppressed > 0
),

files as (
    select
        feed,
        load_id,
        file_path,
        sum(row_count) as row_count,
        sum(net_amount) as net_amount
    from held
    group by feed, load_id, file_path
)

select
    feed,
    load_id,
    file_path,
    store_id,
    business_date,
    fate,
    cast(row_count as bigint) as row_count,
    cast(coalesce(net_amount, 0) as decimal(38, 2)) as net_amount
from held
union all
select
    copies.feed,
    copies.load_id,
    copies.file_path,
    null as store_id,
    copies.delivery_date as business_date,
    'missing' as fate,
    cast(copies.rows_received - coalesce(files.row_count, 0) as bigint) as row_count,
    cast(coalesce(copies.net_amount_received, 0) - coalesce(files.net_amount, 0) as decimal(38, 2))
        as net_amount
from {{ ref('int_loads__files_settled') }} as copies
left join files
    on
        copies.feed = files.feed
        and copies.load_id = files.load_id
        and copies.file_path = files.file_path
where
    copies.rows_received <> coalesce(files.row_count, 0)
    or coalesce(copies.net_amount_received, 0) <> coalesce(files.net_amount, 0)
