with days as (
    select cast(generated_number as integer) - 1 as day_no
    from ({{ numbers(31) }}) as counted
)

select {{ add_days('months.month_start', 'days.day_no') }} as day_date
from {{ ref('int_build__months_listed') }} as months
inner join days on {{ add_days('months.month_start', 'days.day_no') }} <= months.month_end
