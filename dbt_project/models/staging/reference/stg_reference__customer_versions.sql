-- Every version, contact data as tokens; the highest version_no is the one that stands.
select
    customer_id,
    name,
    phone,
    email,
    birth_date,
    name_keys,
    birth_keys,
    address_keys,
    sex,
    birth_year,
    {{ clean_text('city') }} as city,
    occupation,
    education,
    income_band,
    household,
    source_channel,
    referrer_id,
    points_balance,
    member_level,
    created_at,
    updated_at,
    updated_at_is_utc,
    consent_marketing as has_marketing_consent,
    key_override,
    row_hash,
    exported_at,
    load_id,
    file_row,
    row_number() over (
        partition by customer_id
        order by
            updated_at asc nulls first,
            exported_at asc nulls first,
            row_hash asc,
            load_id desc,
            file_row desc
    ) as version_no
from {{ source('reference', 'customers') }}
