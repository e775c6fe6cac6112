-- dbt itself knows the marts: a part that names one that is gone shows it.
select
    parts.part_kind,
    parts.part_no,
    parts.part,
    parts.part_zh,
    parts.mart,
    parts.is_published,
    parts.mart_group,
    parts.seed_ref,
    context.as_of
from {{ ref('int_build__parts_placed') }} as parts
cross join {{ ref('int_build__context_stated') }} as context
