-- Where the chances to win customers stand, by the store that has them; what was to be won by now
-- and was not is overdue.
with contacts as (
    select
        contacts.prospect_id,
        count(*) as contacts
    from {{ ref('fct_interaction') }} as contacts
    inner join {{ ref('int_build__context_stated') }} as context
        on contacts.occurred_date <= context.as_of
    where contacts.prospect_id is not null
    group by contacts.prospect_id
)

select
    coalesce(states.store_id, 'none') as store_id,
    states.prospect_state,
    cast(count(*) as integer) as prospects,
    cast(count(states.intent_date) as integer) as with_intent,
    cast(coalesce(sum(contacts.contacts), 0) as integer) as contacts,
    cast(count(prospects.expected_value) as integer) as valued,
    cast(sum(prospects.expected_value) as decimal(18, 2)) as expected_value,
    cast(
        count(
            case
                when states.prospect_state = 'open' and prospects.expected_date < context.as_of
                    then 1
            end
        ) as integer
    ) as overdue,
    context.chain_currency as currency,
    context.as_of
from {{ ref('int_segments__prospects_linked') }} as states
cross join {{ ref('int_build__context_stated') }} as context
inner join {{ ref('int_customers__prospects_linked') }} as prospects
    on states.prospect_id = prospects.prospect_id
left join contacts on states.prospect_id = contacts.prospect_id
group by
    coalesce(states.store_id, 'none'), states.prospect_state, context.chain_currency,
    context.as_of
