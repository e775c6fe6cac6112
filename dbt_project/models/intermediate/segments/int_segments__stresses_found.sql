-- What counts most for the customer in the linked answers on importance; of equals the first name.
with answered as (
    select
        customer_id,
        value_element,
        cast(sum(score_100) as double) / count(*) as importance
    from {{ ref('int_surveys__identities_removed') }}
    where
        dimension = 'importance'
        and subject = 'own'
        and customer_id is not null
        and value_element is not null
        and score_100 is not null
    group by customer_id, value_element
),

ranked as (
    select
        customer_id,
        value_element,
        importance,
        row_number() over (
            partition by customer_id
            order by importance desc, value_element asc
        ) as place
    from answered
)

select
    customer_id,
    value_element,
    importance
from ranked
where place = 1
