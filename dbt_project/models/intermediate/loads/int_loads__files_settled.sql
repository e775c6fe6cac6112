-- Read by many models, so worked out once a build.
{{ config(materialized='table') }}

-- The sync settles which of several copies of a content counts: the first by delivery date and
-- path. What it says of duplicates names files and is left to the ledger.
select
    feed,
    load_id,
    file_path,
    delivery_date,
    layout,
    exported_at,
    file_bytes,
    status,
    case when status = 'rejected' then reason end as reason,
    rows_received,
    rows_quarantined,
    coalesce(rows_suppressed, 0) as rows_suppressed,
    net_amount_received,
    net_amount_quarantined,
    event_date_min,
    event_date_max,
    verdict,
    loaded_at,
    code_version
from {{ ref('stg_lake__loads') }}
