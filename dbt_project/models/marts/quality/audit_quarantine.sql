select
    records.feed,
    records.file_path,
    records.load_id,
    records.delivery_date,
    records.physical_line,
    records.file_row,
    records.row_key,
    records.column_name,
    records.rule,
    records.reason,
    records.net_amount,
    case when records.closed_date is null then 'open' else 'closed' end as status,
    records.closed_date,
    records.closed_by_file,
    cast(
        {{ days_between('records.delivery_date', 'coalesce(records.closed_date, context.as_of)') }}
        as integer
    ) as days_open,
    context.as_of
from {{ ref('int_loads__quarantine_settled') }} as records
cross join {{ ref('int_build__context_stated') }} as context
