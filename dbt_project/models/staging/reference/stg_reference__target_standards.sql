-- Every version of a standard stays: what was graded by an older one keeps its grade.
with ranked as (
    select
        *,
        {{ version_rank(['target_id', 'standard_version']) }} as version_rank
    from {{ source('reference', 'ref_targets') }}
)

select
    target_id,
    coalesce(standard_version, 1) as standard_version,
    metric,
    start as start_date,
    region,
    store_id,
    grade_a_from,
    grade_b_from,
    grade_c_from,
    updated_at,
    load_id,
    file_row
from ranked
where version_rank = 1
