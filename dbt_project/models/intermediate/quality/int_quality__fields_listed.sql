select
    feed,
    column_name,
    field_group,
    purpose,
    used_by,
    used_by is null as is_unused
from {{ ref('ref_field_uses') }}
