-- Without a staff register, or without contacts, there is no data on owners or on silence.
with known as (
    select
        (select count(*) from {{ ref('int_tiers__key_owners_assigned') }}) > 0 as has_owners,
        (select count(*) from {{ ref('int_tiers__key_contacts_dated') }}) > 0 as has_contacts
),

contacts as (
    select
        contacts.customer_id,
        max(contacts.contact_date) as last_contact_date
    from {{ ref('int_tiers__key_contacts_dated') }} as contacts
    inner join {{ ref('int_build__context_stated') }} as context
        on contacts.contact_date <= context.as_of
    group by contacts.customer_id
)

select
    grades.customer_id,
    grades.customer_class_reason as key_reason,
    owners.staff_id as owner_staff_id,
    owners.from_date as owned_since_date,
    contacts.last_contact_date,
    cast({{ days_between('contacts.last_contact_date', 'grades.as_of') }} as integer)
        as days_since_contact,
    case
        when not known.has_owners then 'no data'
        when owners.customer_id is null then 'KEY_UNOWNED'
        else 'owned'
    end as owner_status,
    case
        when not known.has_contacts then 'no data'
        when
            coalesce(
                {{ days_between('contacts.last_contact_date', 'grades.as_of') }}
                > rules.key_silent_days,
                true
            )
            then 'KEY_SILENT'
        else 'spoken to'
    end as contact_status,
    grades.as_of
from {{ ref('mart_customer_grade') }} as grades
cross join known
cross join {{ ref('int_grading__rules_stated') }} as rules
left join {{ ref('int_performance__accounts_held') }} as owners
    on grades.customer_id = owners.customer_id
left join contacts on grades.customer_id = contacts.customer_id
where grades.customer_class = 'key'
