-- From a year before as_of to the days ahead: the birthdays of those who may be contacted, and the
-- festivals for them. Who was born on 29 February has the 28th in a common year. Nobody is owed a
-- wish from before joining. Wishes sent around the day are one.
with years as (
    select
        cast(extract(year from rules.as_of) as integer) + counted.generated_number - 2
            as calendar_year
    from {{ ref('int_service__rules_dated') }} as rules
    cross join ({{ numbers(3) }}) as counted
),

people as (
    select
        customers.customer_id,
        customers.member_since_date,
        cast(floor(customers.birth_month_day / 100.0) as integer) as birth_month,
        mod(customers.birth_month_day, 100) as birth_day
    from {{ ref('int_customers__contacts_removed') }} as customers
    inner join {{ ref('int_customers__consents_judged') }} as consents
        on customers.customer_id = consents.customer_id and consents.is_contactable
),

birthdays as (
    select
        people.customer_id,
        people.member_since_date,
        'birthday' as occasion,
        'birthday' as occasion_name,
        cast(
            cast(years.calendar_year as string) || '-'
            || lpad(cast(people.birth_month as string), 2, '0') || '-'
            || lpad(
                cast(
                    case
                        when
                            people.birth_month = 2
                            and people.birth_day = 29
                            and not (
                                mod(years.calendar_year, 4) = 0
                                and (
                                    mod(years.calendar_year, 100) <> 0
                                    or mod(years.calendar_year, 400) = 0
                                )
                            )
                            then 28
                        else people.birth_day
                    end as string
                ), 2, '0'
            ) as date
        ) as event_date
    from people
    cross join years
    where people.birth_month is not null
),

events as (
    select
        customer_id,
        member_since_date,
        occasion,
        occasion_name,
        event_date
    from birthdays
    union all
    select
        people.customer_id,
        people.member_since_date,
        'festival' as occasion,
        festivals.festival as occasion_name,
        festivals.festival_date as event_date
    from people
    cross join {{ ref('ref_festivals') }} as festivals
),

contacted as (
    select
        contacts.customer_id,
        contacts.occasion,
        contacts.occurred_date,
        {{ add_days('contacts.occurred_date', '-cast(rules.wish_done_days as integer)') }}
            as wished_from_date,
        {{ add_days('contacts.occurred_date', 'cast(rules.wish_done_days as integer)') }}
            as wished_until_date
    from {{ ref('int_service__contacts_localised') }} as contacts
    inner join {{ ref('int_service__rules_dated') }} as rules
        on contacts.occurred_date <= rules.as_of
    where
        contacts.customer_id is not null
        and contacts.direction = 'outbound'
        and contacts.occasion in ('birthday', 'festival')
        and (contacts.follow_up_kind is null or contacts.done_date is not null)
)

select
    events.customer_id,
    events.occasion,
    events.occasion_name,
    events.event_date,
    min(contacted.occurred_date) as wished_date
from events
inner join {{ ref('int_service__rules_dated') }} as rules
    on
        {{ days_between('events.event_date', 'rules.as_of') }} < 365
        and {{ days_between('rules.as_of', 'events.event_date') }} <= rules.wish_ahead_days
left join contacted
    on
        events.customer_id = contacted.customer_id
        and events.occasion = contacted.occasion
        and events.event_date >= contacted.wished_from_date
        and events.event_date <= contacted.wished_until_date
where coalesce(events.member_since_date <= events.event_date, true)
group by events.customer_id, events.occasion, events.occasion_name, events.event_date
