{% set rules = [
    'risk_high_min',
    'risk_drill_days',
    'outlook_draws',
    'outlook_seed',
    'outlook_min_growths',
    'outlook_probability_per_point',
    'outlook_loss_per_point',
] %}

select
    context.as_of,
{% for rule in rules %}
max(case when rules.code = '{{ rule }}' then rules.value_number end)
    as {{ rule }}{{ ',' if not loop.last }}
{% endfor %}
from {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_parameters__periods_dated') }} as rules
    on context.as_of >= rules.valid_from and context.as_of < rules.valid_before
group by context.as_of
