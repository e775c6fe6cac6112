select
    parts.part_kind,
    parts.part_no,
    parts.part,
    parts.part_zh,
    parts.mart,
    marts.name is not null as is_published,
    marts.mart_group,
    parts.seed_ref
from {{ ref('ref_system_parts') }} as parts
left join ({{ marts_of_project() }}) as marts on parts.mart = marts.name
