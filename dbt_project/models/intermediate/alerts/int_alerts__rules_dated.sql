{{ dated_rules([
    'risk_high_min',
    'risk_drill_days',
    'outlook_draws',
    'outlook_seed',
    'outlook_min_growths',
    'outlook_probability_per_point',
    'outlook_loss_per_point',
]) }}
