{{ dated_rules([
    'anonymity_min_cell',
    'post_sale_contact_days',
    'second_visit_days',
    'first_answer_days',
    'event_window_days',
    'consistency_max_sd',
    'contact_purchase_days',
    'co_creation_window_days',
    'wish_ahead_days',
    'wish_done_days',
]) }}
