-- A response counts for whoever was contacted before or on its day; one of somebody whom the
-- campaign had not contacted is held back.
with contacts as (
    select
        contacts.campaign_id,
        contacts.customer_id,
        contacts.direction,
        cast(contacts.occurred_at as date) as contact_date,
        contacts.direction = 'inbound'
        or contacts.outcome in ('responded', 'bought', 'attended') as is_response
    from {{ ref('int_customers__interactions_linked') }} as contacts
    inner join {{ ref('int_build__context_stated') }} as context
        on cast(contacts.occurred_at as date) <= context.as_of
    where contacts.campaign_id is not null and contacts.customer_id is not null
)

select
    campaign_id,
    customer_id,
    min(case when direction = 'outbound' then contact_date end) as contacted_date,
    max(case when is_response then contact_date end) as responded_date,
    coalesce(
        max(case when is_response then contact_date end)
        >= min(case when direction = 'outbound' then contact_date end),
        false
    ) as has_responded,
    max(case when is_response then contact_date end) is not null
    and coalesce(
        min(case when direction = 'outbound' then contact_date end)
        > max(case when is_response then contact_date end),
        true
    ) as is_held_back
from contacts
group by campaign_id, customer_id
