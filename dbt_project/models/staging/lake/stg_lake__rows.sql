-- Which columns of a feed stand behind these its contract says (key, element of the latency).
select
    feed,
    load_id,
    file_row,
    row_key,
    row_hash,
    exported_at,
    updated_at,
    occurred_at,
    occurred_at_is_utc,
    store_id,
    complaint_id,
    net_amount
from {{ source('lake', 'rows') }}
