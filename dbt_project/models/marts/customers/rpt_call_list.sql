-- For the day after as_of: who may be called, when, and why. Nobody without consent to be called
-- and nobody whose hours lie outside those of the house.
with wanted as (
    select
        customer_id,
        'key customer about to leave A: ' || reasons as reasons,
        1 as urgency
    from {{ ref('rpt_tier_drops') }}
    union all
    select
        customer_id,
        'may rise to A: ' || reasons as reasons,
        2 as urgency
    from {{ ref('rpt_b_upgrade_candidates') }}
    union all
    select
        customer_id,
        'key customer not spoken to: last contact '
        || coalesce(cast(last_contact_date as string), 'never') as reasons,
        3 as urgency
    from {{ ref('mart_key_customer_cover') }}
    where contact_status = 'KEY_SILENT'
),

told as (
    select
        customer_id,
        min(urgency) as urgency,
        {{ text_list('reasons', ' | ', 'urgency asc, reasons asc') }} as reasons
    from wanted
    group by customer_id
)

select
    told.customer_id,
    {{ add_days('context.as_of', 1) }} as call_date,
    cast(told.urgency as integer) as urgency,
    contacts.contact_window,
    contacts.contact_from_minute,
    contacts.contact_to_minute,
    contacts.contact_window_basis,
    contacts.consent_basis,
    told.reasons,
    context.as_of
from told
cross join {{ ref('int_build__context_stated') }} as context
inner join {{ ref('int_customers__contacts_planned') }} as contacts
    on
        told.customer_id = contacts.customer_id
        and contacts.is_contactable
        and contacts.contact_channel in ('phone', 'any')
        and contacts.contact_window <> 'none'
