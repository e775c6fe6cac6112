-- Closed periods only: in a running one the losses are not complete.
select
    'month' as period_kind,
    month_start as period_start,
    month_end as period_end
from {{ ref('int_build__months_listed') }}
where is_closed
union all
select
    'year' as period_kind,
    cast(cast(years.calendar_year as varchar) || '-01-01' as date) as period_start,
    cast(cast(years.calendar_year as varchar) || '-12-31' as date) as period_end
from {{ ref('int_build__years_listed') }} as years
inner join {{ ref('int_build__context_stated') }} as context
    on cast(cast(years.calendar_year as varchar) || '-12-31' as date) <= context.as_of
