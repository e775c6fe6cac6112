with numbered as (
    select
        rows_loaded.feed,
        rows_loaded.load_id,
        rows_loaded.net_amount,
        row_number() over (
            partition by rows_loaded.feed, rows_loaded.row_hash
            order by
                loads.delivery_date asc,
                loads.file_path asc,
                rows_loaded.load_id asc,
                rows_loaded.file_row asc
        ) as occurrence
    from {{ ref('stg_lake__rows') }} as rows_loaded
    inner join {{ ref('int_loads__copies_numbered') }} as loads
        on
            rows_loaded.feed = loads.feed
            and rows_loaded.load_id = loads.load_id
            and loads.status = 'loaded'
)

select
    feed,
    load_id,
    cast(count(case when occurrence = 1 then 1 end) as bigint) as rows_accepted,
    cast(count(case when occurrence > 1 then 1 end) as bigint) as rows_duplicate,
    cast(sum(case when occurrence = 1 then net_amount end) as decimal(18, 2))
        as net_amount_accepted,
    cast(sum(case when occurrence > 1 then net_amount end) as decimal(18, 2))
        as net_amount_duplicate
from numbered
group by feed, load_id
