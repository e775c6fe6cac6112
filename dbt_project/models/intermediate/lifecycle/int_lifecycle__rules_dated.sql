-- Read by many models, so worked out once a build.
{{ config(materialized='table') }}

{{ dated_rules([
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
], prefix='lifecycle_') }}
