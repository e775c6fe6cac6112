-- A record is closed by the first file, of the same delivery or a later one, that brings its key
-- well. One whose key cannot be read stays open: nothing can be told to be the same record.
with records as (
    select
        quarantine.*,
        loads.delivery_date,
        loads.file_path as first_path
    from {{ ref('stg_lake__quarantine') }} as quarantine
    inner join {{ ref('int_loads__files_settled') }} as loads
        on
            quarantine.feed = loads.feed
            and quarantine.load_id = loads.load_id
            and loads.status = 'loaded'
),

arrivals as (
    select distinct
        delivered.feed,
        delivered.row_key,
        delivered.load_id,
        loads.delivery_date,
        loads.file_path
    from {{ ref('stg_lake__rows') }} as delivered
    inner join records as wanted
        on delivered.feed = wanted.feed and delivered.row_key = wanted.row_key
    inner join {{ ref('int_loads__files_settled') }} as loads
        on
            delivered.feed = loads.feed
            and delivered.load_id = loads.load_id
            and loads.status = 'loaded'
),

ranked as (
    select
        records.*,
        arrivals.delivery_date as closed_date,
        arrivals.file_path as closed_by_file,
        row_number() over (
            partition by
                records.feed, records.load_id, records.physical_line, records.file_row,
                records.column_name, records.rule
            order by arrivals.delivery_date asc nulls last, arrivals.file_path asc nulls last
        ) as arrival_no
    from records
    left join arrivals
        on
            records.feed = arrivals.feed
            and records.row_key = arrivals.row_key
            and records.load_id <> arrivals.load_id
            and records.delivery_date <= arrivals.delivery_date
)

select
    feed,
    load_id,
    first_path as file_path,
    delivery_date,
    physical_line,
    file_row,
    row_key,
    column_name,
    rule,
    reason,
    net_amount,
    closed_date,
    closed_by_file
from ranked
where arrival_no = 1
