-- Taking part is what comes from the customer: a contact he began, an answer to ours, an event he
-- came to.
select
    interactions.customer_id,
    cast(
        extract(
            year from
            case
                when interactions.occurred_at_is_utc
                    then {{ utc_to_local('interactions.occurred_at', 'context.chain_timezone') }}
                else interactions.occurred_at
            end
        ) as integer
    ) as calendar_year,
    cast(count(*) as integer) as contacts
from {{ ref('int_customers__interactions_linked') }} as interactions
cross join {{ ref('int_build__context_stated') }} as context
where
    interactions.customer_id is not null
    and (
        interactions.direction = 'inbound'
        or interactions.is_two_way
        or interactions.outcome in ('responded', 'bought', 'attended')
    )
    and coalesce(interactions.purpose, '') <> 'complaint'
    and coalesce(interactions.kind, '') <> 'complaint'
group by 1, 2
