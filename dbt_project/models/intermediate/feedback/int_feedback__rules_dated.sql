{{ dated_rules([
    'verbatim_keep_years',
    'verbatim_purge_notice_days',
    'journey_regular_min_purchases',
    'handling_skill_training_max',
    'complaint_repurchase_days',
    'complaint_recovered_min_score',
    'crisis_review_days',
    'crisis_training_valid_days',
    'anonymity_min_cell',
], texts=['digest_reader_role']) }}
