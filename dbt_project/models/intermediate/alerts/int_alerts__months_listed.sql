-- Every month from the first sale to as_of, one report each.
with span as (
    select
        {{ month_of('min(sales.business_date)') }} as first_month,
        {{ month_of('max(context.as_of)') }} as last_month
    from {{ ref('int_sales__lines_kept') }} as sales
    cross join {{ ref('int_build__context_stated') }} as context
)

select
    {{ add_months('span.first_month', 'cast(counted.generated_number - 1 as integer)') }}
        as month_start
from span
cross join ({{ numbers(3600) }}) as counted
where
    {{ add_months('span.first_month', 'cast(counted.generated_number - 1 as integer)') }}
    <= span.last_month
