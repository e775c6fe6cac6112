-- Read by many models, so worked out once a build.
{{ config(materialized='table') }}

select
    customers.customer_id,
    customers.sex,
    cast(customers.birth_year as integer) as birth_year,
    coalesce(cities.corrected_value, customers.city) as city,
    customers.occupation,
    customers.education,
    customers.income_band,
    customers.household,
    customers.source_channel,
    customers.referrer_id,
    customers.points_balance,
    customers.member_level,
    cast(
        case
            when customers.created_at_is_utc
                then {{ utc_to_local('customers.created_at', 'context.chain_timezone') }}
            else customers.created_at
        end as date
    ) as member_since_date,
    customers.has_marketing_consent,
    customers.key_override
from {{ ref('stg_reference__customers') }} as customers
cross join {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_quality__aliases_dated') }} as cities
    on cities.domain = 'city' and customers.city = cities.alias
