{% set rules = [
    'anonymity_min_cell',
    'channel_drop_quarters',
    'channel_fix_scores',
    'second_track_window_days',
    'integration_window_days',
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
