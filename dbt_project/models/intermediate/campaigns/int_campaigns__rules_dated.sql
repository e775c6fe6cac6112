{% set rules = [
    'campaign_alpha',
    'campaign_power',
    'campaign_min_units',
    'campaign_min_stores',
    'campaign_expected_lift',
    'campaign_control_max_sd',
    'churn_days',
] %}

select
    context.as_of,
{% for rule in rules %}
max(case when rules.code = '{{ rule }}' then rules.value_number end)
    as {{ rule | replace('campaign_', '') }}{{ ',' if not loop.last }}
{% endfor %}
from {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_parameters__periods_dated') }} as rules
    on context.as_of >= rules.valid_from and context.as_of < rules.valid_before
group by context.as_of
