with ranked as (
    select
        *,
        {{ version_rank(['customer_id']) }} as version_rank
    from {{ source('reference', 'customers') }}
)

select
    customer_id,
    name,
    phone,
    email,
    sex,
    {{ clean_text('city') }} as city,
    occupation,
    education,
    income_band,
    household,
    source_channel,
    referrer_id,
    address,
    birth_date,
    birth_year,
    birth_month_day,
    name_keys,
    birth_keys,
    vault_ref,
    points_balance,
    member_level,
    created_at,
    created_at_is_utc,
    updated_at,
    consent_marketing as has_marketing_consent,
    key_override,
    exported_at,
    row_hash,
    load_id,
    file_row
from ranked
where version_rank = 1
