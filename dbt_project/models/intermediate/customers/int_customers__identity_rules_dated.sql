{{ dated_rules([
    'identity_prior',
    'identity_probability_min',
    'identity_contact_shared_max',
    'identity_birth_shared_max',
    'identity_address_shared_max',
    'identity_address_share_max',
    'identity_name_alike_min',
    'identity_birth_parts_min',
    'identity_group_max',
], prefix='identity_', number=try_cast('rules.value_text', 'double')) }}
