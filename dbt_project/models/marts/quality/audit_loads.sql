select
    copies.feed,
    copies.file_path,
    copies.load_id,
    copies.delivery_date,
    copies.layout,
    copies.exported_at,
    copies.file_bytes,
    copies.status,
    copies.reason,
    copies.rows_received,
    case
        when copies.status = 'loaded' then coalesce(split.rows_accepted, 0) else 0
    end as rows_accepted,
    case copies.status
        when 'loaded' then coalesce(split.rows_duplicate, 0)
        when 'duplicate_file' then copies.rows_received
        else 0
    end as rows_duplicate,
    case
        when copies.status = 'duplicate_file' then 0 else coalesce(copies.rows_quarantined, 0)
    end as rows_quarantined,
    case when copies.status = 'duplicate_file' then 0 else coalesce(copies.rows_suppressed, 0) end
        as rows_suppressed,
    copies.net_amount_received,
    case
        when copies.net_amount_received is null then null
        when copies.status = 'loaded' then coalesce(split.net_amount_accepted, 0)
        else 0
    end as net_amount_accepted,
    case
        when copies.net_amount_received is null then null
        when copies.status = 'loaded' then coalesce(split.net_amount_duplicate, 0)
        when copies.status = 'duplicate_file' then copies.net_amount_received
        else 0
    end as net_amount_duplicate,
    case
        when copies.net_amount_received is null then null
        when copies.status = 'duplicate_file' then 0
        else coalesce(copies.net_amount_quarantined, 0)
    end as net_amount_quarantined,
    copies.event_date_min,
    copies.event_date_max,
    copies.verdict,
    copies.loaded_at,
    copies.code_version
from {{ ref('int_loads__files_settled') }} as copies
left join {{ ref('int_loads__rows_split') }} as split
    on copies.feed = split.feed and copies.load_id = split.load_id
