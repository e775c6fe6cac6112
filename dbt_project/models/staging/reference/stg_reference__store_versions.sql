-- Every version; when one began is told by the delivery date of its load.
select
    store_id,
    equipment,
    load_id,
    file_row
from {{ source('reference', 'stores') }}
