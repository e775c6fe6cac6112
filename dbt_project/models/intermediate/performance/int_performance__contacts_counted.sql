-- Before the first contact of the log nobody knows of any; after it a period without one has none.
with log as (
    select min(occurred_date) as first_date from {{ ref('int_service__contacts_localised') }}
)

select
    periods.period_kind,
    periods.period_start,
    cast(count(contacts.interaction_id) as integer) as contacts,
    {{ months_between('periods.period_start', add_days('periods.period_end', 1)) }} as months
from {{ ref('int_retention__periods_listed') }} as periods
inner join log on periods.period_end >= log.first_date
left join {{ ref('int_service__contacts_localised') }} as contacts
    on
        periods.period_start <= contacts.occurred_date
        and periods.period_end >= contacts.occurred_date
        and contacts.customer_id is not null
group by periods.period_kind, periods.period_start, periods.period_end
