{% set rules = [
    'anonymity_min_cell',
    'post_sale_contact_days',
    'second_visit_days',
    'first_answer_days',
    'event_window_days',
    'consistency_max_sd',
    'contact_purchase_days',
    'co_creation_window_days',
    'wish_ahead_days',
    'wish_done_days',
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
