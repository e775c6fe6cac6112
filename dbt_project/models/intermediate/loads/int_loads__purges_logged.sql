select
    purges.purge,
    purges.purged_at,
    purges.data_group,
    purges.approved_by,
    purges.approved_date,
    purges.texts as texts_purged,
    purges.captured_from as captured_from_date,
    purges.captured_to as captured_to_date,
    purges.files_rewritten,
    purges.is_complete,
    context.as_of
from {{ ref('stg_lake__purges') }} as purges
cross join {{ ref('int_build__context_stated') }} as context
