{{ dated_rules([
    'loyalty_attitude_cut',
    'loyalty_repeat_cut',
    'loyalty_min_n',
    'loyalty_repeat_days',
    'equipment_effect_days',
    'anonymity_min_cell',
], texts=['loyalty_cut_policy']) }}
