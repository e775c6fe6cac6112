-- Talks and visits of care; a machine's message is none.
select distinct
    contacts.customer_id,
    cast(
        case
            when contacts.occurred_at_is_utc
                then {{ utc_to_local('contacts.occurred_at', 'context.chain_timezone') }}
            else contacts.occurred_at
        end as date
    ) as contact_date
from {{ ref('stg_reference__interactions') }} as contacts
cross join {{ ref('int_build__context_stated') }} as context
where
    contacts.customer_id is not null
    and contacts.purpose in ('care', 'non_sales', 'sales', 'retention')
    and coalesce(contacts.outcome, '') <> 'not_reached'
    and not coalesce(contacts.is_automatic, false)
