-- Lists as they are now, and as they stood one horizon ago so that their effect can be told.
select
    'now' as moment,
    as_of as list_date
from {{ ref('int_grading__rules_stated') }}
union all
select
    'before' as moment,
    {{ add_days('as_of', '-cast(recommendation_horizon_days as integer)') }} as list_date
from {{ ref('int_grading__rules_stated') }}
