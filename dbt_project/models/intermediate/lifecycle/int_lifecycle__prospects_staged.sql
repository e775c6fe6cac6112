-- A prospect who is known by a customer id and has bought is a customer.
with contacts as (
    select
        prospect_id,
        count(*) as contacts,
        min(case when kind in ('enquiry', 'order_request') then cast(occurred_at as date) end)
            as first_enquiry_date
    from {{ ref('stg_reference__interactions') }}
    where prospect_id is not null
    group by prospect_id
),

told as (
    select
        prospects.prospect_id,
        prospects.customer_id,
        prospects.first_contact_date,
        coalesce(contacts.contacts, 0) as contacts,
        least(
            coalesce(prospects.intent_date, contacts.first_enquiry_date),
            coalesce(contacts.first_enquiry_date, prospects.intent_date)
        ) as first_intent_date,
        prospects.intent_signal,
        buyers.first_purchase_date,
        prospects.lost_date,
        prospects.partner_id,
        prospects.source_channel,
        context.as_of
    from {{ ref('int_customers__prospects_linked') }} as prospects
    cross join {{ ref('int_build__context_stated') }} as context
    left join contacts on prospects.prospect_id = contacts.prospect_id
    left join {{ ref('int_customers__first_purchases_dated') }} as buyers
        on prospects.customer_id = buyers.customer_id
    where prospects.first_contact_date <= context.as_of
)

select
    prospect_id,
    customer_id,
    case
        when first_purchase_date is not null then 'customer'
        when first_intent_date <= as_of then 'intention'
        else 'potential'
    end as stage5,
    -- A register entry alone is no contact on trial.
    case when first_purchase_date is null and contacts > 0 then 'exploration' end as stage4,
    first_contact_date,
    first_intent_date,
    intent_signal,
    first_purchase_date,
    lost_date,
    partner_id,
    source_channel,
    cast(contacts as integer) as contacts
from told
