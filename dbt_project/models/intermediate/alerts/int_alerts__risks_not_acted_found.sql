-- An A customer at risk whom nobody contacted in time; a contact, a purchase or the loss closes it.
with contacted as (
    select
        silences.customer_id,
        silences.warned_date,
        min(cast(contacts.occurred_at as date)) as contact_date
    from {{ ref('int_churn__silences_found') }} as silences
    inner join {{ ref('int_customers__interactions_linked') }} as contacts
        on
            silences.customer_id = contacts.customer_id
            and contacts.direction = 'outbound'
            and cast(contacts.occurred_at as date) >= silences.warned_date
    group by silences.customer_id, silences.warned_date
),

due as (
    select
        silences.customer_id,
        {{ add_days('silences.warned_date', 'cast(rules.risk_not_acted_days as integer)') }}
            as due_date,
        rules.risk_not_acted_days,
        silences.warned_date,
        silences.ended_date,
        contacted.contact_date,
        rules.as_of
    from {{ ref('int_churn__silences_found') }} as silences
    cross join {{ ref('int_churn__rules_dated') }} as rules
    left join contacted
        on
            silences.customer_id = contacted.customer_id
            and silences.warned_date = contacted.warned_date
    where silences.value_band = 'A'
),

late as (
    select
        *,
        least(
            coalesce(contact_date, cast('9999-12-31' as date)),
            coalesce(ended_date, cast('9999-12-31' as date))
        ) as settled_date
    from due
)

select
    'RISK_NOT_ACTED' as alert_code,
    'customer' as entity_type,
    customer_id as entity_id,
    due_date as opened_date,
    case when settled_date <= as_of then settled_date end as closed_date,
    cast({{ days_between('warned_date', 'least(settled_date, as_of)') }} as double) as alert_value,
    cast(risk_not_acted_days as double) as threshold,
    case
        when settled_date > as_of then null
        when settled_date = contact_date then 'the customer was contacted'
        else 'the silence ended without a contact'
    end as feedback
from late
where due_date <= as_of and settled_date > due_date
