-- A day of purchase answers the latest offer before it and no other. A prospect who has become a
-- customer is followed by the purchases of the customer.
with offers as (
    select
        contacts.interaction_id,
        coalesce(contacts.customer_id, prospects.customer_id) as customer_id,
        cast(
            case
                when contacts.occurred_at_is_utc
                    then {{ utc_to_local('contacts.occurred_at', 'context.chain_timezone') }}
                else contacts.occurred_at
            end as date
        ) as offer_date,
        context.as_of
    from {{ ref('int_customers__interactions_linked') }} as contacts
    cross join {{ ref('int_build__context_stated') }} as context
    left join {{ ref('int_customers__prospects_linked') }} as prospects
        on contacts.prospect_id = prospects.prospect_id
    where
        contacts.direction = 'outbound'
        and (contacts.campaign_id is not null or contacts.purpose = 'sales')
        and coalesce(contacts.customer_id, contacts.prospect_id) is not null
),

purchases as (
    select
        offers.interaction_id,
        row_number() over (
            partition by days.customer_id, days.business_date
            order by offers.offer_date desc, offers.interaction_id asc
        ) as place
    from offers
    cross join {{ ref('int_economics__rules_dated') }} as rules
    inner join {{ ref('int_sales__customer_days_summarised') }} as days
        on
            offers.customer_id = days.customer_id
            and days.receipts > 0
            and offers.offer_date <= days.business_date
            and {{ days_between('offers.offer_date', 'days.business_date') }}
            <= rules.campaign_response_days
),

credited as (
    select distinct interaction_id
    from purchases
    where place = 1
)

select
    offers.interaction_id,
    offers.offer_date,
    coalesce(firsts.first_purchase_date < offers.offer_date, false) as is_to_past_buyer,
    credited.interaction_id is not null as is_answered
from offers
left join {{ ref('int_customers__first_purchases_dated') }} as firsts
    on offers.customer_id = firsts.customer_id
left join credited on offers.interaction_id = credited.interaction_id
where offers.offer_date <= offers.as_of
