{% set rules = [
    'verbatim_keep_years',
    'verbatim_purge_notice_days',
    'journey_regular_min_purchases',
    'handling_skill_training_max',
    'complaint_repurchase_days',
    'complaint_recovered_min_score',
    'crisis_review_days',
    'crisis_training_valid_days',
    'anonymity_min_cell',
] %}

select
    context.as_of,
    max(case when rules.code = 'digest_reader_role' then rules.value_text end)
        as digest_reader_role,
{% for rule in rules %}
max(case when rules.code = '{{ rule }}' then rules.value_number end)
    as {{ rule }}{{ ',' if not loop.last }}
{% endfor %}
from {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_parameters__periods_dated') }} as rules
    on context.as_of >= rules.valid_from and context.as_of < rules.valid_before
group by context.as_of
