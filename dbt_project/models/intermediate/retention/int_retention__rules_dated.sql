{{ dated_rules([
    'loyalty_full_visit_days',
    'loyalty_min_tenure_days',
    'loyalty_target',
    'loyalty_weight_attitude',
    'loyalty_weight_frequency',
    'loyalty_weight_recommendation',
    'loyalty_weight_retention',
    'wallet_window_days',
    'newcomer_product_days',
], prefix='loyalty_') }}
