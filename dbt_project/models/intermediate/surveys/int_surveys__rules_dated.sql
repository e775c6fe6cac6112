{% set rules = [
    'anonymity_min_cell',
    'nps_margin_z',
    'nps_min_n',
    'csat_top_points',
    'csat_target',
    'csat_action_days',
    'mode_shift_max_points',
    'questionnaire_max_questions',
    'questionnaire_max_text_chars',
    'questionnaire_min_options',
    'questionnaire_good_options',
    'survey_active_days',
    'survey_min_gap_days',
    'survey_overdue_days',
    'lifecycle_active_window_days',
    'churn_days',
    'sample_min_respondents',
    'taste_fit_min_share',
    'taste_fit_waves',
    'survey_fit_min_n',
    'survey_min_eigenvalue',
    'survey_max_clusters',
    'correlation_min_n',
    'elasticity_days',
    'elasticity_min_n',
    'measure_effect_months',
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
