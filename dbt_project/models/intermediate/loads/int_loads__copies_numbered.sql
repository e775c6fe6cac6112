-- Which copy of a content came first is told by delivery date and path, not by which was loaded
-- first, so that the order of arrival leaves no trace.
with loaded as (
    select
        feed,
        load_id,
        max(rows_loaded) as rows_loaded,
        max(rows_quarantined) as rows_quarantined,
        max(net_amount_loaded) as net_amount_loaded,
        max(net_amount_quarantined) as net_amount_quarantined,
        max(event_date_min) as event_date_min,
        max(event_date_max) as event_date_max,
        max(verdict) as verdict
    from {{ ref('stg_lake__loads') }}
    where status = 'loaded'
    group by feed, load_id
),

numbered as (
    select
        *,
        row_number() over (
            partition by feed, load_id, status = 'rejected'
            order by delivery_date asc, file_path asc
        ) as copy_no
    from {{ ref('stg_lake__loads') }}
)

select
    numbered.feed,
    numbered.load_id,
    numbered.file_path,
    numbered.delivery_date,
    numbered.layout,
    numbered.exported_at,
    numbered.file_bytes,
    case
        when numbered.status = 'rejected' then 'rejected'
        when numbered.copy_no = 1 and loaded.load_id is not null then 'loaded'
        else 'duplicate_file'
    end as status,
    case when numbered.status = 'rejected' then numbered.reason end as reason,
    numbered.rows_received,
    numbered.net_amount_received,
    loaded.rows_loaded,
    coalesce(loaded.rows_quarantined, numbered.rows_quarantined) as rows_quarantined,
    loaded.net_amount_loaded,
    coalesce(loaded.net_amount_quarantined, numbered.net_amount_quarantined)
        as net_amount_quarantined,
    loaded.event_date_min,
    loaded.event_date_max,
    coalesce(loaded.verdict, numbered.verdict) as verdict,
    numbered.loaded_at,
    numbered.code_version
from numbered
left join loaded
    on
        numbered.feed = loaded.feed
        and numbered.load_id = loaded.load_id
        and numbered.status <> 'rejected'
