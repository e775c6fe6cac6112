{{ dated_rules([
    'campaign_alpha',
    'campaign_power',
    'campaign_min_units',
    'campaign_min_stores',
    'campaign_expected_lift',
    'campaign_control_max_sd',
    'churn_days',
], prefix='campaign_') }}
