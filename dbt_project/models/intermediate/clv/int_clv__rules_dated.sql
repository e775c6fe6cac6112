{% set rules = [
    'clv_discount_rate',
    'clv_holdout_days',
    'clv_horizon_days',
    'clv_min_customers',
    'clv_compared_customers',
    'clv_alive_min',
    'clv_version',
    'churn_outlook_days',
] %}

select
    context.as_of,
{% for rule in rules %}
max(case when rules.code = '{{ rule }}' then rules.value_number end)
    as {{ rule | replace('clv_', '') }}{{ ',' if not loop.last }}
{% endfor %}
from {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_parameters__periods_dated') }} as rules
    on context.as_of >= rules.valid_from and context.as_of < rules.valid_before
group by context.as_of
