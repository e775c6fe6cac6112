{% set day %}{{ add_days(
    'months.month_start', 'cast(days.generated_number - 1 as integer)'
) }}{% endset %}

-- Incremental models make what they hold of these months anew, from the lines of their dates.
select
    months.month_start,
    {{ day }} as business_date
from (
    select distinct {{ month_of('event_date') }} as month_start
    from {{ ref('int_loads__dates_touched') }}
) as months
cross join ({{ numbers(31) }}) as days
where {{ month_of(day) }} = months.month_start
