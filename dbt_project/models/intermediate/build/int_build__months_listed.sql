with months as (
    select cast(generated_number as integer) as month_no
    from ({{ numbers(12) }}) as counted
),

dated as (
    select
        {{ add_months(
            "cast(cast(years.calendar_year as string) || '-01-01' as date)", 'months.month_no - 1'
        ) }} as month_start
    from {{ ref('int_build__years_listed') }} as years
    cross join months
)

select
    dated.month_start,
    {{ add_days(add_months('dated.month_start', 1), -1) }} as month_end,
    {{ add_days(add_months('dated.month_start', 1), -1) }} <= context.as_of as is_closed
from dated
cross join {{ ref('int_build__context_stated') }} as context
where dated.month_start <= context.as_of
