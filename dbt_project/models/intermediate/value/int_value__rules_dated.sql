{{ dated_rules([
    'value_importance_cut',
    'value_performance_cut',
    'value_min_n',
    'value_gap_band',
    'experience_min_n',
    'anonymity_min_cell',
]) }}
