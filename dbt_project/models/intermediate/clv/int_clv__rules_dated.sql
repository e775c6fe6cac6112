{{ dated_rules([
    'clv_discount_rate',
    'clv_holdout_days',
    'clv_horizon_days',
    'clv_min_customers',
    'clv_compared_customers',
    'clv_alive_min',
    'clv_version',
    'churn_outlook_days',
], prefix='clv_') }}
