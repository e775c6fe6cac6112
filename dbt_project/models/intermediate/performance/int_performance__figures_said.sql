select
    cast(said.version as integer) as version_no,
    said.figure,
    said.period_kind,
    said.period_start,
    said.figure_value,
    said.as_of,
    cast(split.version_before as integer) as split_from_version_no,
    split.with_rules,
    split.with_late_data,
    split.with_corrections,
    split.with_identities
from {{ ref('stg_lake__figures_said') }} as said
left join {{ ref('stg_lake__figures_split') }} as split
    on
        said.version = split.version_after
        and said.figure = split.figure
        and said.period_kind = split.period_kind
        and said.period_start = split.period_start
