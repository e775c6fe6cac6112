-- A purchase day is followed if somebody of the house turned to the customer on one of the days
-- after it, but for automatic messages; it is judged once those days are over.
select
    days.customer_id,
    days.business_date,
    cast(extract(year from days.business_date) as integer) as calendar_year,
    max(case when contacts.interaction_id is null then 0 else 1 end) = 1 as is_followed
from {{ ref('int_sales__customer_days_summarised') }} as days
cross join {{ ref('int_service__rules_dated') }} as rules
left join {{ ref('int_service__contacts_localised') }} as contacts
    on
        days.customer_id = contacts.customer_id
        and days.business_date < contacts.occurred_date
        and {{ days_between('days.business_date', 'contacts.occurred_date') }}
        <= rules.post_sale_contact_days
        and contacts.direction = 'outbound'
        and not coalesce(contacts.is_automatic, false)
where
    days.receipts > 0
    and {{ days_between('days.business_date', 'rules.as_of') }} >= rules.post_sale_contact_days
group by days.customer_id, days.business_date
