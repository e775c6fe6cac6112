select
    one.calendar_year as year,
    one.channel,
    other.channel as other_channel,
    cast(count(*) as integer) as customers,
    coverage.coverage_pct,
    context.as_of
from {{ ref('int_channels__customers_summarised') }} as one
inner join {{ ref('int_channels__customers_summarised') }} as other
    on one.customer_id = other.customer_id and one.calendar_year = other.calendar_year
cross join {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_sales__coverage_measured') }} as coverage
    on one.calendar_year = coverage.calendar_year
group by
    one.calendar_year, one.channel, other.channel, coverage.coverage_pct, context.as_of
