-- Read by many models, so worked out once a build.
{{ config(materialized='table') }}

{% set rules = [
    'churn_days',
    'lifecycle_active_window_days',
    'lifecycle_active_min_receipts',
    'lifecycle_exploration_max_receipts',
    'lifecycle_decline_silent_days',
    'lifecycle_trend_months',
    'lifecycle_trend_min_receipts',
    'lifecycle_decline_trend_max',
    'lifecycle_growth_trend_min',
    'lifecycle_stable_min_tenure_days',
    'lifecycle_stable_max_variation',
    'lifecycle_stable_max_discount_share',
] %}

select
    context.as_of,
{% for rule in rules %}
max(case when rules.code = '{{ rule }}' then rules.value_number end)
    as {{ rule | replace('lifecycle_', '') }}{{ ',' if not loop.last }}
{% endfor %}
from {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_parameters__periods_dated') }} as rules
    on context.as_of >= rules.valid_from and context.as_of < rules.valid_before
group by context.as_of
