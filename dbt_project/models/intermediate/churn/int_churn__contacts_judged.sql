-- Contacts meant to keep or win back, each with the first purchase after it.
with contacts as (
    select
        interaction_id,
        customer_id,
        cast(occurred_at as date) as contact_date,
        outcome,
        cost
    from {{ ref('int_customers__interactions_linked') }}
    where purpose = 'retention' and customer_id is not null and direction = 'outbound'
),

followed as (
    select
        contacts.interaction_id,
        min(days.business_date) as next_purchase_date
    from contacts
    inner join {{ ref('int_sales__customer_days_summarised') }} as days
        on
            contacts.customer_id = days.customer_id
            and contacts.contact_date < days.business_date
    where days.receipts > 0
    group by contacts.interaction_id
)

select
    contacts.interaction_id,
    contacts.customer_id,
    contacts.contact_date,
    contacts.outcome,
    contacts.cost,
    followed.next_purchase_date,
    losses.lost_date,
    losses.value_band,
    losses.lost_date is not null as is_winback,
    reasons.reason
from contacts
inner join {{ ref('int_build__context_stated') }} as context
    on contacts.contact_date <= context.as_of
left join followed on contacts.interaction_id = followed.interaction_id
left join {{ ref('int_churn__losses_found') }} as losses
    on
        contacts.customer_id = losses.customer_id
        and contacts.contact_date >= losses.lost_date
        and contacts.contact_date < coalesce(losses.returned_date, cast('9999-12-31' as date))
left join {{ ref('int_churn__reasons_found') }} as reasons
    on losses.customer_id = reasons.customer_id and losses.lost_date = reasons.lost_date
