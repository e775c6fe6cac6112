{% set rules = [
    'kpi_costed_share_min',
    'kpi_new_product_days',
    'kpi_trend_min_points',
    'kpi_trend_max_points',
    'kpi_season_min_months',
    'kpi_forecast_z',
    'evaluation_due_days',
    'evaluation_fall_min',
    'alert_overdue_days',
] %}

select
    context.as_of,
{% for rule in rules %}
max(case when rules.code = '{{ rule }}' then rules.value_number end)
    as {{ rule | replace('kpi_', '') }}{{ ',' if not loop.last }}
{% endfor %}
from {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_parameters__periods_dated') }} as rules
    on context.as_of >= rules.valid_from and context.as_of < rules.valid_before
group by context.as_of
