-- What half the town has in common says nothing: the phone of the store, the first of January that
-- a clerk types for a day of birth, the name of the street. The key names everything that a
-- likeness depends on.
{{ config(materialized='table') }}

with shared as (
    select distinct
        contact_kind,
        contact
    from {{ ref('int_customers__contacts_dated') }}
    where shared_from is not null
),

births as (
    select delivered.birth_date
    from {{ ref('int_customers__identities_delivered') }} as delivered
    cross join {{ ref('int_customers__identity_rules_dated') }} as rules
    where delivered.birth_date is not null
    group by delivered.birth_date
    having count(distinct delivered.customer_id) > max(rules.birth_shared_max)
),

addresses as (
    select distinct
        customer_id,
        address_keys
    from {{ ref('int_customers__identities_delivered') }}
    where address_keys is not null
),

parts as (
    select
        addresses.customer_id,
        addresses.address_keys,
        told.part
    from addresses
    {{ each_value('addresses.address_keys', 'told', 'part') }}
),

rare as (
    select parts.part
    from parts
    cross join {{ ref('int_customers__identity_rules_dated') }} as rules
    cross join (select count(distinct customer_id) as members from addresses) as counted
    group by parts.part
    having
        count(distinct parts.customer_id) <= max(rules.address_shared_max)
        -- Of few members few live in a street.
        and count(distinct parts.customer_id)
        <= max(rules.address_share_max) * max(counted.members)
),

places as (
    select
        parts.address_keys,
        {{ value_list('parts.part') }} as rare_keys
    from parts
    inner join rare on parts.part = rare.part
    group by parts.address_keys
),

measures as (
    select
        {{ text_list(
            "weights.comparison || weights.level || cast(weights.m_probability as string)"
            ~ " || ' ' || cast(weights.u_probability as string)"
            ~ " || coalesce(' ' || cast(weights.alike_min as string), '')",
            ' ',
            'weights.comparison, weights.level'
        ) }} as weights
    from {{ ref('int_customers__identity_weights_dated') }} as weights
),

told as (
    select
        delivered.customer_id,
        delivered.first_delivered_date,
        delivered.name,
        case when phones.contact is null then delivered.phone end as phone,
        case when emails.contact is null then delivered.email end as email,
        case when births.birth_date is null then delivered.birth_date end as birth_date,
        delivered.city,
        delivered.sex,
        delivered.name_keys,
        case when births.birth_date is null then delivered.birth_keys end as birth_keys,
        places.rare_keys as address_keys
    from {{ ref('int_customers__identities_delivered') }} as delivered
    left join shared as phones
        on phones.contact_kind = 'phone' and delivered.phone = phones.contact
    left join shared as emails
        on emails.contact_kind = 'email' and delivered.email = emails.contact
    left join births on delivered.birth_date = births.birth_date
    left join places on delivered.address_keys = places.address_keys
)

select
    told.customer_id || ' ' || {{ text_hash(
        "coalesce(told.name, '') || ' ' || coalesce(told.phone, '') || ' '"
        ~ " || coalesce(told.email, '') || ' ' || coalesce(told.birth_date, '') || ' '"
        ~ " || coalesce(told.city, '') || ' ' || coalesce(told.sex, '') || ' '"
        ~ " || coalesce(cast(told.address_keys as string), '') || ' '"
        ~ " || cast(rules.prior as string) || ' ' || cast(rules.probability_min as string)"
        ~ " || ' ' || measures.weights"
    ) }} as record_key,
    told.customer_id,
    min(told.first_delivered_date) as first_delivered_date,
    told.name,
    told.phone,
    told.email,
    told.birth_date,
    told.city,
    told.sex,
    told.name_keys,
    told.birth_keys,
    told.address_keys
from told
cross join {{ ref('int_customers__identity_rules_dated') }} as rules
cross join measures
group by
    told.customer_id, told.name, told.phone, told.email, told.birth_date, told.city, told.sex,
    told.name_keys, told.birth_keys, told.address_keys,
    rules.prior, rules.probability_min, measures.weights
