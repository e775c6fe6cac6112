-- A number or address that several customers have given leads to the one who gave it last.
{{ config(materialized='table') }}

with members as (
    select
        member_id,
        customer_id,
        valid_from,
        valid_before,
        rule,
        probability,
        linked_id
    from {{ ref('int_customers__groups_formed') }}
    union all
    select
        delivered.customer_id as member_id,
        delivered.customer_id,
        delivered.member_delivered_date as valid_from,
        cast(null as date) as valid_before,
        'own number' as rule,
        cast(1 as double) as probability,
        cast(null as string) as linked_id
    from {{ ref('int_customers__identities_delivered') }} as delivered
    left join (select distinct member_id from {{ ref('int_customers__groups_formed') }}) as linked
        on delivered.customer_id = linked.member_id
    where delivered.is_standing and linked.member_id is null
),

given as (
    select
        contacts.contact_kind,
        contacts.contact,
        members.customer_id,
        min(contacts.first_delivered_date) as valid_from
    from {{ ref('int_customers__contacts_dated') }} as contacts
    inner join members
        on contacts.customer_id = members.member_id and members.valid_before is null
    where contacts.shared_from is null
    group by contacts.contact_kind, contacts.contact, members.customer_id
),

ranked as (
    select
        *,
        row_number() over (
            partition by contact_kind, contact, valid_from
            order by customer_id asc
        ) as place
    from given
)

select
    'member' as identifier_kind,
    member_id as identifier,
    customer_id,
    valid_from,
    valid_before,
    rule,
    probability,
    linked_id
from members
union all
select
    contact_kind as identifier_kind,
    contact as identifier,
    customer_id,
    valid_from,
    lead(valid_from) over (
        partition by contact_kind, contact
        order by valid_from asc
    ) as valid_before,
    'given by the customer' as rule,
    cast(1 as double) as probability,
    cast(null as string) as linked_id
from ranked
where place = 1
