with ranked as (
    select
        *,
        {{ version_rank(['report', 'report_date', 'page_no', 'reader_id']) }} as version_rank
    from {{ source('reference', 'ref_read_receipts') }}
)

select
    report,
    report_date,
    page_no,
    reader_id,
    read_at,
    read_at_is_utc,
    updated_at,
    load_id,
    file_row
from ranked
where version_rank = 1
