{% set rules = [
    'identity_prior',
    'identity_probability_min',
    'identity_contact_shared_max',
    'identity_birth_shared_max',
    'identity_address_shared_max',
    'identity_address_share_max',
    'identity_name_alike_min',
    'identity_birth_parts_min',
    'identity_group_max',
] %}

select
    context.as_of,
{% for rule in rules %}
max(case when rules.code = '{{ rule }}' then {{ try_cast('rules.value_text', 'double') }} end)
    as {{ rule | replace('identity_', '') }}{{ ',' if not loop.last }}
{% endfor %}
from {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_parameters__periods_dated') }} as rules
    on context.as_of >= rules.valid_from and context.as_of < rules.valid_before
group by context.as_of
