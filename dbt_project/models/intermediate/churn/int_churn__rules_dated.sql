-- Read by many models, so worked out once a build.
{{ config(materialized='table') }}

{% set rules = [
    'churn_band_high_min',
    'churn_band_medium_min',
    'churn_csat_low',
    'churn_days',
    'churn_dormant_days',
    'churn_frequency_min_receipts',
    'churn_frequency_ratio_max',
    'churn_frequency_window_days',
    'churn_min_observations',
    'churn_outlook_days',
    'churn_points_complaint',
    'churn_points_csat',
    'churn_points_dormancy',
    'churn_points_frequency',
    'churn_points_gap',
    'churn_reason_complaint_days',
    'churn_reason_staff_days',
    'churn_warning_days',
    'churn_warning_gap_ratio',
    'churn_warning_min_days',
    'churn_warning_min_gaps',
    'risk_not_acted_days',
    'retention_outcome_days',
    'winback_days',
    'winback_cost',
    'decline_redevelop_ratio',
    'attrition_ceiling',
    'attrition_industry_ratio',
    'fair_treatment_gap',
    'staff_loss_days',
] %}

select
    context.as_of,
{% for rule in rules %}
max(case when rules.code = '{{ rule }}' then rules.value_number end)
    as {{ rule | replace('churn_', '') }}{{ ',' if not loop.last }}
{% endfor %}
from {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_parameters__periods_dated') }} as rules
    on context.as_of >= rules.valid_from and context.as_of < rules.valid_before
group by context.as_of
