-- Read by many models, so worked out once a build.
{{ config(materialized='table') }}

with span as (
    select
        cast(extract(year from min(sales.business_date)) as integer) as first_year,
        cast(extract(year from max(context.as_of)) as integer) as last_year
    from {{ ref('int_sales__lines_kept') }} as sales
    cross join {{ ref('int_build__context_stated') }} as context
),

offsets as (
    select cast(generated_number - 1 as integer) as years_later
    from ({{ numbers(300) }}) as counted
)

select cast(span.first_year + offsets.years_later as integer) as calendar_year
from span
inner join offsets on span.first_year + offsets.years_later <= span.last_year
