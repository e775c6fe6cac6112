select
    receipts.report_date as digest_date,
    receipts.page_no,
    receipts.reader_id,
    cast(
        case
            when receipts.read_at_is_utc
                then {{ utc_to_local('receipts.read_at', 'context.chain_timezone') }}
            else receipts.read_at
        end as date
    ) as read_date
from {{ ref('stg_reference__read_receipts') }} as receipts
cross join {{ ref('int_build__context_stated') }} as context
where receipts.report = 'rpt_daily_verbatim_digest'
