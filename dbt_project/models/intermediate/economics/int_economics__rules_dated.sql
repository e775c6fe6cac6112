{% set rules = [
    'clv_discount_rate',
    'retention_step',
    'cac_efficient_ratio',
    'concentration_top_share',
    'concentration_sales_share',
    'campaign_response_days',
    'loyalty_target',
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
