-- Opens on the day on which the silence is too long, closes with the next contact. Where no contact
-- was ever delivered nothing can be said.
with points as (
    select
        customer_id,
        key_from as last_date,
        key_from,
        key_before
    from {{ ref('int_tiers__key_periods_dated') }}
    union
    select
        periods.customer_id,
        contacts.contact_date as last_date,
        periods.key_from,
        periods.key_before
    from {{ ref('int_tiers__key_periods_dated') }} as periods
    inner join {{ ref('int_tiers__key_contacts_dated') }} as contacts
        on
            periods.customer_id = contacts.customer_id
            and periods.key_from <= contacts.contact_date
            and periods.key_before > contacts.contact_date
),

spaced as (
    select
        customer_id,
        last_date,
        key_before,
        lead(last_date) over (partition by customer_id, key_from order by last_date asc)
            as next_date
    from points
),

dated as (
    select
        spaced.customer_id,
        {{ add_days('spaced.last_date', 'cast(rules.key_silent_days as integer) + 1') }}
            as opened_date,
        spaced.last_date,
        least(coalesce(spaced.next_date, spaced.key_before), spaced.key_before) as closed_date,
        spaced.next_date is not null as is_spoken_to,
        rules.key_silent_days,
        rules.as_of
    from spaced
    cross join {{ ref('int_grading__rules_stated') }} as rules
    where exists (select 1 from {{ ref('int_tiers__key_contacts_dated') }})
)

select
    'KEY_SILENT' as alert_code,
    'customer' as entity_type,
    customer_id as entity_id,
    opened_date,
    case when closed_date <= as_of then closed_date end as closed_date,
    cast({{ days_between('last_date', 'least(closed_date, as_of)') }} as double) as alert_value,
    cast(key_silent_days as double) as threshold,
    case
        when closed_date > as_of then null
        when is_spoken_to then 'the customer was spoken to'
        else 'no longer a key customer'
    end as feedback
from dated
where opened_date <= as_of and opened_date < closed_date
