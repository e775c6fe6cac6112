{% set rules = [
    'loyalty_full_visit_days',
    'loyalty_min_tenure_days',
    'loyalty_target',
    'loyalty_weight_attitude',
    'loyalty_weight_frequency',
    'loyalty_weight_recommendation',
    'loyalty_weight_retention',
    'wallet_window_days',
    'newcomer_product_days',
] %}

select
    context.as_of,
{% for rule in rules %}
max(case when rules.code = '{{ rule }}' then rules.value_number end)
    as {{ rule | replace('loyalty_', '') }}{{ ',' if not loop.last }}
{% endfor %}
from {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_parameters__periods_dated') }} as rules
    on context.as_of >= rules.valid_from and context.as_of < rules.valid_before
group by context.as_of
