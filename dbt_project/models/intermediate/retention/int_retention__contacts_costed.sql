select
    contacts.interaction_id,
    contacts.customer_id,
    contacts.cost
from {{ ref('int_customers__interactions_linked') }} as contacts
inner join {{ ref('int_build__context_stated') }} as context
    on
        cast(contacts.occurred_at as date) <= context.as_of
        and {{ days_between('cast(contacts.occurred_at as date)', 'context.as_of') }} < 365
where contacts.customer_id is not null and contacts.cost is not null
