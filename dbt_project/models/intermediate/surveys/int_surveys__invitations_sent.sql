select
    interactions.customer_id,
    cast(
        case
            when interactions.occurred_at_is_utc
                then {{ utc_to_local('interactions.occurred_at', 'context.chain_timezone') }}
            else interactions.occurred_at
        end as date
    ) as invited_date
from {{ ref('int_customers__interactions_linked') }} as interactions
cross join {{ ref('int_build__context_stated') }} as context
where
    interactions.purpose = 'survey'
    and interactions.direction = 'outbound'
    and interactions.customer_id is not null
