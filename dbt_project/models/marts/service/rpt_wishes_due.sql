-- What was not wished yet and still can be: from the days in which a late wish counts on.
select
    wishes.customer_id,
    wishes.occasion,
    wishes.occasion_name,
    wishes.event_date,
    cast({{ days_between('rules.as_of', 'wishes.event_date') }} as integer) as days_ahead,
    contacts.contact_channel,
    contacts.contact_window,
    rules.as_of
from {{ ref('int_service__wishes_dated') }} as wishes
cross join {{ ref('int_service__rules_dated') }} as rules
inner join {{ ref('int_customers__contacts_planned') }} as contacts
    on wishes.customer_id = contacts.customer_id and contacts.is_contactable
where
    wishes.wished_date is null
    and {{ days_between('wishes.event_date', 'rules.as_of') }} < rules.wish_done_days
