-- Only who may be written to, and nobody of the control group.
select
    cross_sell.customer_id,
    cross_sell.next_best,
    cross_sell.score,
    cross_sell.home_store_id,
    contacts.contact_channel,
    contacts.contact_window,
    contacts.consent_basis,
    cross_sell.reasons,
    cross_sell.coverage_pct,
    cross_sell.as_of
from {{ ref('mart_cross_sell') }} as cross_sell
inner join {{ ref('int_customers__contacts_planned') }} as contacts
    on cross_sell.customer_id = contacts.customer_id and contacts.is_contactable
inner join {{ ref('int_customers__control_drawn') }} as control
    on cross_sell.customer_id = control.customer_id and not control.is_control
where cross_sell.next_best is not null
