-- A contact is answered by a purchase on its day or within the response time after it.
with contacts as (
    select
        contacts.interaction_id,
        contacts.campaign_id,
        contacts.customer_id,
        cast(
            case
                when contacts.occurred_at_is_utc
                    then {{ utc_to_local('contacts.occurred_at', 'context.chain_timezone') }}
                else contacts.occurred_at
            end as date
        ) as contact_date
    from {{ ref('int_customers__interactions_linked') }} as contacts
    cross join {{ ref('int_build__context_stated') }} as context
    where
        contacts.direction = 'outbound'
        and contacts.campaign_id is not null
        and contacts.customer_id is not null
)

select
    contacts.interaction_id,
    contacts.campaign_id,
    contacts.customer_id,
    contacts.contact_date,
    count(days.business_date) > 0 as is_answered
from contacts
cross join {{ ref('int_segments__rules_dated') }} as rules
left join {{ ref('int_sales__customer_days_summarised') }} as days
    on
        contacts.customer_id = days.customer_id
        and days.receipts > 0
        and contacts.contact_date <= days.business_date
        and {{ days_between('contacts.contact_date', 'days.business_date') }}
        <= rules.campaign_response_days
where contacts.contact_date <= rules.as_of
group by
    contacts.interaction_id, contacts.campaign_id, contacts.customer_id, contacts.contact_date
