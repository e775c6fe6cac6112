-- The text of a row stays in the lake: it may hold personal data.
select
    load_id,
    feed,
    file_path,
    file_row,
    physical_line,
    row_key,
    column_name,
    rule,
    reason,
    net_amount
from {{ source('lake', 'quarantine') }}
