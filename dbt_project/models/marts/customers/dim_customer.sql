with seen as (
    select
        customer_id,
        min(business_date) as seen_date
    from {{ ref('fct_sales') }}
    where customer_id is not null
    group by customer_id
    union all
    select
        customer_id,
        min(cast(responded_at_local as date)) as seen_date
    from {{ ref('fct_survey_response') }}
    where customer_id is not null
    group by customer_id
    union all
    select
        customer_id,
        min(received_date) as seen_date
    from {{ ref('fct_complaint') }}
    where customer_id is not null
    group by customer_id
    union all
    select
        customer_id,
        member_since_date as seen_date
    from {{ ref('int_customers__contacts_removed') }}
    union all
    select
        referrer_id as customer_id,
        min(member_since_date) as seen_date
    from {{ ref('int_customers__contacts_removed') }}
    where referrer_id is not null
    group by referrer_id
),

members as (
    select
        customer_id,
        min(seen_date) as first_seen_date
    from seen
    group by customer_id
)

select
    members.customer_id,
    customers.customer_id is not null as is_known,
    members.first_seen_date,
    customers.member_since_date,
    customers.sex,
    customers.birth_year,
    customers.city,
    customers.occupation,
    customers.education,
    customers.income_band,
    customers.household,
    coalesce(classes.attribute_class, 'UNKNOWN') as attribute_class,
    coalesce(classes.industry, 'UNKNOWN') as industry,
    coalesce(classes.region, 'UNKNOWN') as region,
    customers.source_channel,
    customers.referrer_id,
    cast(customers.points_balance as integer) as points_balance,
    customers.member_level,
    customers.has_marketing_consent,
    customers.key_override
from members
left join {{ ref('int_customers__contacts_removed') }} as customers
    on members.customer_id = customers.customer_id
left join {{ ref('int_customers__classes_assigned') }} as classes
    on members.customer_id = classes.customer_id
