-- The first standard of a target holds from the target's first day; a later version of it from the
-- day it was written, never back. The next standard of the same KPI ends it.
with told as (
    select
        target_id,
        standard_version,
        metric,
        grade_a_from,
        grade_b_from,
        grade_c_from,
        case
            when
                row_number() over (partition by target_id order by standard_version asc) = 1
                then start_date
            else greatest(start_date, coalesce(cast(updated_at as date), start_date))
        end as valid_from
    from {{ ref('stg_reference__target_standards') }}
    where
        region is null and store_id is null and metric is not null
        and coalesce(grade_a_from, grade_b_from, grade_c_from) is not null
)

select
    metric as kpi,
    target_id,
    standard_version,
    grade_a_from,
    grade_b_from,
    grade_c_from,
    valid_from,
    lead(valid_from) over (
        partition by metric
        order by valid_from asc, standard_version asc, target_id asc
    ) as valid_before
from told
where valid_from is not null
