-- Read by many models, so worked out once a build.
{{ config(materialized='table') }}

{% set rules = [
    'churn_days',
    'segment_window_days',
    'segment_horizon_days',
    'segment_youth_max_age',
    'segment_middle_max_age',
    'segment_min_customers',
    'segment_min_measured_share',
    'segment_min_reached_share',
    'segment_min_profit_ratio',
    'segment_max_size_swing',
    'segment_min_taste_distance',
    'rfm_strong_min',
    'rfm_weak_max',
    'analysis_min_customers',
    'analysis_max_clusters',
    'analysis_min_eigenvalue',
    'relational_min_full_price_share',
    'relational_min_tenure_days',
    'campaign_response_days',
    'target_market_weight_potential',
    'target_market_weight_growth',
    'target_market_weight_margin',
    'target_market_weight_competition',
    'target_market_competition_sign',
    'target_market_competitive_rivals',
    'attitude_drop_points',
    'anonymity_min_cell',
] %}

select
    context.as_of,
    context.chain_currency,
{% for rule in rules %}
max(case when rules.code = '{{ rule }}' then rules.value_number end)
    as {{ rule | replace('segment_', '') }}{{ ',' if not loop.last }}
{% endfor %}
from {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_parameters__periods_dated') }} as rules
    on context.as_of >= rules.valid_from and context.as_of < rules.valid_before
group by context.as_of, context.chain_currency
