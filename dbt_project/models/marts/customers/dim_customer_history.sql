select
    customer_id,
    valid_from,
    valid_before,
    valid_before is null as is_current,
    sex,
    birth_year,
    city,
    occupation,
    education,
    income_band,
    household,
    source_channel,
    referrer_id,
    cast(points_balance as integer) as points_balance,
    member_level,
    has_marketing_consent,
    key_override
from {{ ref('int_customers__versions_dated') }}
