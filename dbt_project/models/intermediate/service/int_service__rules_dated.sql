{{ dated_rules([
    'anonymity_min_cell',
    'post_sale_contact_days',
    'second_visit_days',
    'first_answer_days',
    'event_window_days',
    'consistency_max_sd',
]) }}
