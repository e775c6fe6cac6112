{{ dated_rules([
    'anonymity_min_cell',
    'channel_drop_quarters',
    'channel_fix_scores',
    'second_track_window_days',
    'integration_window_days',
    'site_weight_footfall',
    'site_weight_income',
]) }}
