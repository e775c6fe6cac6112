-- What half the town has in common says nothing: the phone of the store, the first of January that
-- a clerk types for a day of birth. The key names everything that a likeness depends on.
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

measures as (
    select
        {{ text_list(
            "weights.comparison || weights.level || cast(weights.m_probability as varchar)"
            ~ " || ' ' || cast(weights.u_probability as varchar)",
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
        case when births.birth_date is null then delivered.birth_keys end as birth_keys
    from {{ ref('int_customers__identities_delivered') }} as delivered
    left join shared as phones
        on phones.contact_kind = 'phone' and delivered.phone = phones.contact
    left join shared as emails
        on emails.contact_kind = 'email' and delivered.email = emails.contact
    left join births on delivered.birth_date = births.birth_date
)

select
    told.customer_id || ' ' || {{ text_hash(
        "coalesce(told.name, '') || ' ' || coalesce(told.phone, '') || ' '"
        ~ " || coalesce(told.email, '') || ' ' || coalesce(told.birth_date, '') || ' '"
        ~ " || coalesce(told.city, '') || ' ' || coalesce(told.sex, '') || ' '"
        ~ " || cast(rules.prior as varchar) || ' ' || cast(rules.probability_min as varchar)"
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
    told.birth_keys
from told
cross join {{ ref('int_customers__identity_rules_dated') }} as rules
cross join measures
group by
    told.customer_id, told.name, told.phone, told.email, told.birth_date, told.city, told.sex,
    told.name_keys, told.birth_keys, rules.prior, rules.probability_min, measures.weights
