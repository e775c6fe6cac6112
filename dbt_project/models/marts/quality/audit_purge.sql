-- What a purge did stays known whatever day the marts are built as of: its words are gone.
select
    purge,
    purged_at,
    data_group,
    approved_by,
    approved_date,
    texts_purged,
    captured_from_date,
    captured_to_date,
    files_rewritten,
    is_complete,
    as_of
from {{ ref('int_loads__purges_logged') }}
