{{ dated_rules([
    'anonymity_min_cell',
    'awareness_yes_min',
    'brand_elasticity_min_points',
]) }}
