-- Talks and visits of care up to as_of; a machine's message is none.
with dated as (
    select
        contacts.customer_id,
        cast(
            case
                when contacts.occurred_at_is_utc
                    then {{ utc_to_local('contacts.occurred_at', 'context.chain_timezone') }}
                else contacts.occurred_at
            end as date
        ) as contact_date,
        context.as_of
    from {{ ref('int_customers__interactions_linked') }} as contacts
    cross join {{ ref('int_build__context_stated') }} as context
    where
        contacts.customer_id is not null
        and contacts.purpose in ('care', 'non_sales', 'sales', 'retention')
        and coalesce(contacts.outcome, '') <> 'not_reached'
        and not coalesce(contacts.is_automatic, false)
)

select distinct
    customer_id,
    contact_date
from dated
where contact_date <= as_of
