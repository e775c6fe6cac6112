{% set stated = [
    'sex', 'birth_year', 'birth_month_day', 'city', 'occupation', 'education', 'income_band',
    'household', 'source_channel', 'referrer_id', 'member_level', 'key_override',
] %}

-- Read by many models, so worked out once a build. Of a customer with several member records the
-- one that changed last speaks, and where it is silent the one before it; points add up, the
-- earliest day of joining counts, and a refusal on any card is a refusal.
{{ config(materialized='table') }}

with linked as (
    select
        coalesce(merged.customer_id, customers.customer_id) as customer_id,
        customers.sex,
        cast(customers.birth_year as integer) as birth_year,
        cast(customers.birth_month_day as integer) as birth_month_day,
        coalesce(cities.corrected_value, customers.city) as city,
        customers.occupation,
        customers.education,
        customers.income_band,
        customers.household,
        customers.source_channel,
        case
            when
                coalesce(referrers.customer_id, customers.referrer_id)
                <> coalesce(merged.customer_id, customers.customer_id)
                then coalesce(referrers.customer_id, customers.referrer_id)
        end as referrer_id,
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
        customers.key_override,
        row_number() over (
            partition by coalesce(merged.customer_id, customers.customer_id)
            order by
                customers.updated_at desc nulls last,
                customers.exported_at desc nulls last,
                customers.row_hash desc,
                customers.load_id asc,
                customers.file_row asc
        ) as place
    from {{ ref('stg_reference__customers') }} as customers
    cross join {{ ref('int_build__context_stated') }} as context
    left join {{ ref('int_quality__aliases_dated') }} as cities
        on cities.domain = 'city' and customers.city = cities.alias
    left join {{ ref('int_customers__numbers_merged') }} as merged
        on customers.customer_id = merged.member_id
    left join {{ ref('int_customers__numbers_merged') }} as referrers
        on customers.referrer_id = referrers.member_id
)

select
    customer_id,
    {% for column in stated %}
    max_by({{ column }}, case when {{ column }} is not null then -place end) as {{ column }},
    {% endfor %}
    cast(sum(points_balance) as bigint) as points_balance,
    min(member_since_date) as member_since_date,
    min(case when has_marketing_consent then 1 when not has_marketing_consent then 0 end) = 1
        as has_marketing_consent
from linked
group by customer_id
