-- Older versions stay visible here: a later label may not move a due time (COMP-08), and the first
-- one with a handler tells when somebody was in charge (COMP-10).
select
    complaint_id,
    lower(trim(complexity)) as complexity,
    handler_id,
    updated_at,
    updated_at_is_utc,
    row_number() over (
        partition by complaint_id
        order by
            updated_at asc nulls first,
            exported_at asc nulls first,
            row_hash asc,
            load_id desc,
            file_row desc
    ) as version_no
from {{ source('complaints', 'complaints') }}
