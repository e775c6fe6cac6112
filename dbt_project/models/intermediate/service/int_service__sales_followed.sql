-- A purchase day is followed if somebody of the house turned to the customer on one of the days
-- after it, but for automatic messages; it is judged once those days are over. The last of them is
-- a column: else every purchase is compared with every contact.
with purchases as (
    select
        days.customer_id,
        days.business_date,
        {{ add_days('days.business_date', 'cast(rules.post_sale_contact_days as integer)') }}
            as follow_until_date,
        rules.as_of
    from {{ ref('int_sales__customer_days_summarised') }} as days
    cross join {{ ref('int_service__rules_dated') }} as rules
    where days.receipts > 0
)

select
    purchases.customer_id,
    purchases.business_date,
    cast(extract(year from purchases.business_date) as integer) as calendar_year,
    max(case when contacts.interaction_id is null then 0 else 1 end) = 1 as is_followed
from purchases
left join {{ ref('int_service__contacts_localised') }} as contacts
    on
        purchases.customer_id = contacts.customer_id
        and purchases.business_date < contacts.occurred_date
        and purchases.follow_until_date >= contacts.occurred_date
        and contacts.direction = 'outbound'
        and not coalesce(contacts.is_automatic, false)
where purchases.follow_until_date <= purchases.as_of
group by purchases.customer_id, purchases.business_date
