{{ config(meta={'requirements': ['ARCH-01', 'ARCH-05']}) }}

-- Five functions, eight modules and four subsystems, each with a mart, and no mart that is gone.
with expected as (
    select
        'function' as part_kind,
        5 as parts
    union all
    select
        'module' as part_kind,
        8 as parts
    union all
    select
        'subsystem' as part_kind,
        4 as parts
)

select
    expected.part_kind,
    count(distinct case when placed.is_published then placed.part_no end) as parts
from expected
left join {{ ref('rpt_system_parts') }} as placed on expected.part_kind = placed.part_kind
group by expected.part_kind, expected.parts
having
    count(distinct case when placed.is_published then placed.part_no end) <> expected.parts
    or count(case when not placed.is_published then 1 end) > 0
