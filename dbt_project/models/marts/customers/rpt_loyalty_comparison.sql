{% set steps = [('1', '2'), ('2', '3')] %}

-- The last three years; the figures of one that was not measured are null, and so are its steps.
with metrics as (
    select 'retention_rate' as metric
    union all
    select 'repurchase_rate' as metric
    union all
    select 'purchase_frequency' as metric
    union all
    select 'attitude_mean_100' as metric
),

window_years as (
    select max(calendar_year) as last_year
    from {{ ref('int_build__years_listed') }}
),

compared as (
    select
        metrics.metric,
        cast(window_years.last_year - 2 as integer) as year_1,
        cast(window_years.last_year - 1 as integer) as year_2,
        cast(window_years.last_year as integer) as year_3,
        max(case when found.calendar_year = window_years.last_year - 2 then found.metric_value end)
            as value_1,
        max(case when found.calendar_year = window_years.last_year - 1 then found.metric_value end)
            as value_2,
        max(case when found.calendar_year = window_years.last_year then found.metric_value end)
            as value_3,
        max(case when found.calendar_year = window_years.last_year then found.n end) as n_3
    from metrics
    cross join window_years
    left join {{ ref('int_workbook__loyalty_measured') }} as found
        on metrics.metric = found.metric
    where window_years.last_year is not null
    group by metrics.metric, window_years.last_year
)

select
    compared.metric,
    compared.year_1,
    compared.year_2,
    compared.year_3,
    compared.value_1,
    compared.value_2,
    compared.value_3,
    compared.n_3,
    {% for before, after in steps %}
    compared.value_{{ after }} - compared.value_{{ before }} as delta_{{ before }}_{{ after }},
    case
        when compared.value_{{ after }} > compared.value_{{ before }} then 'up'
        when compared.value_{{ after }} < compared.value_{{ before }} then 'down'
        when compared.value_{{ after }} = compared.value_{{ before }} then 'level'
    end as direction_{{ before }}_{{ after }},
    {% endfor %}
    coverage.coverage_pct,
    context.as_of
from compared
cross join {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_sales__coverage_measured') }} as coverage
    on compared.year_3 = coverage.calendar_year
