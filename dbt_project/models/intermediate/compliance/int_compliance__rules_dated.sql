{{ dated_rules([
    'security_training_days',
    'security_audit_days',
    'agreement_notice_days',
    'gift_value_max',
], context_columns=['as_of', 'chain_currency', 'chain_timezone']) }}
