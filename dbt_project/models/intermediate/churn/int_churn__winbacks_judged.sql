-- One row per loss that was contacted, whatever the number of contacts: the first purchase within
-- the window after any of them is the win-back.
with contacted as (
    select
        contacts.customer_id,
        contacts.lost_date,
        contacts.value_band,
        contacts.reason,
        min(contacts.contact_date) as first_contact_date,
        max(contacts.contact_date) as last_contact_date,
        count(*) as contacts,
        sum(contacts.cost) as cost,
        min(
            case
                when
                    {{ days_between('contacts.contact_date', 'contacts.next_purchase_date') }}
                    <= rules.winback_days
                    then contacts.next_purchase_date
            end
        ) as won_back_date
    from {{ ref('int_churn__contacts_judged') }} as contacts
    cross join {{ ref('int_churn__rules_dated') }} as rules
    where contacts.is_winback
    group by contacts.customer_id, contacts.lost_date, contacts.value_band, contacts.reason
)

select
    contacted.customer_id,
    contacted.lost_date,
    contacted.value_band,
    contacted.reason,
    contacted.first_contact_date,
    cast(contacted.contacts as integer) as contacts,
    contacted.cost,
    contacted.won_back_date,
    contacted.won_back_date is not null as is_won_back,
    contacted.won_back_date is not null
    or {{ days_between('contacted.last_contact_date', 'rules.as_of') }} >= rules.winback_days
        as is_judged,
    (
        select cast(sum(days.net_spend) as decimal(18, 2))
        from {{ ref('int_sales__customer_days_summarised') }} as days
        where
            days.customer_id = contacted.customer_id
            and days.business_date >= contacted.won_back_date
    ) as net_spend_after,
    exists(
        select 1
        from {{ ref('int_churn__losses_found') }} as again
        where
            again.customer_id = contacted.customer_id
            and again.last_purchase_date >= contacted.won_back_date
    ) as is_lost_again
from contacted
cross join {{ ref('int_churn__rules_dated') }} as rules
