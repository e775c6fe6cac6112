select
    strata.stratum,
    strata.planned_interviews
from {{ ref('ref_interview_strata') }} as strata
inner join {{ ref('int_build__context_stated') }} as context on strata.valid_from <= context.as_of
