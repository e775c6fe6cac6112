-- What is known at as_of is judged the same way one and two outlooks earlier, where it is known
-- what came after: the older moment teaches, the newer one tests.
select
    'now' as moment,
    as_of as judged_date
from {{ ref('int_churn__rules_dated') }}
union all
select
    'test' as moment,
    {{ add_days('as_of', '-cast(outlook_days as integer)') }} as judged_date
from {{ ref('int_churn__rules_dated') }}
union all
select
    'train' as moment,
    {{ add_days('as_of', '-2 * cast(outlook_days as integer)') }} as judged_date
from {{ ref('int_churn__rules_dated') }}
