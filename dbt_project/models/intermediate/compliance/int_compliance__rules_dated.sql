{% set rules = [
    'security_training_days', 'security_audit_days', 'agreement_notice_days', 'gift_value_max',
] %}

select
    context.as_of,
    context.chain_currency,
    context.chain_timezone,
{% for rule in rules %}
max(case when rules.code = '{{ rule }}' then rules.value_number end)
    as {{ rule }}{{ ',' if not loop.last }}
{% endfor %}
from {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_parameters__periods_dated') }} as rules
    on context.as_of >= rules.valid_from and context.as_of < rules.valid_before
group by context.as_of, context.chain_currency, context.chain_timezone
