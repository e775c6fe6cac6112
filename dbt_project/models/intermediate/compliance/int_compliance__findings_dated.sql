-- Repaired is what was looked at after the work.
select
    improvements.improvement_id as finding_id,
    improvements.owner_id,
    improvements.plan_date as found_date,
    improvements.due_date,
    case when improvements.check_date <= context.as_of then improvements.check_date end
        as fixed_date
from {{ ref('stg_reference__improvements') }} as improvements
cross join {{ ref('int_build__context_stated') }} as context
where improvements.source_kind = 'audit' and improvements.plan_date <= context.as_of
