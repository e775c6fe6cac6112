{% set rules = [
    'loyalty_attitude_cut',
    'loyalty_repeat_cut',
    'loyalty_min_n',
    'loyalty_repeat_days',
    'equipment_effect_days',
    'anonymity_min_cell',
] %}

select
    context.as_of,
    max(case when rules.code = 'loyalty_cut_policy' then rules.value_text end)
        as loyalty_cut_policy,
{% for rule in rules %}
max(case when rules.code = '{{ rule }}' then rules.value_number end)
    as {{ rule }}{{ ',' if not loop.last }}
{% endfor %}
from {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_parameters__periods_dated') }} as rules
    on context.as_of >= rules.valid_from and context.as_of < rules.valid_before
group by context.as_of
