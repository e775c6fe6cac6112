{% set window = 'cast(rules.event_window_days as integer)' %}

-- Who attended counts once, however often scanned. Spend of the days after the event against as
-- many before its first; both lie within what is known, else there is no comparison.
with events as (
    select
        campaigns.campaign_id,
        campaigns.campaign_name,
        campaigns.start_date,
        coalesce(campaigns.end_date, campaigns.start_date) as end_date,
        rules.event_window_days,
        rules.anonymity_min_cell,
        rules.as_of,
        {{ add_days("coalesce(campaigns.end_date, campaigns.start_date)", window) }} <= rules.as_of
            as is_over
    from {{ ref('int_customers__campaigns_listed') }} as campaigns
    cross join {{ ref('int_service__rules_dated') }} as rules
    where campaigns.kind = 'event' and campaigns.start_date <= rules.as_of
),

attended as (
    select distinct
        events.campaign_id,
        events.start_date,
        events.end_date,
        events.event_window_days,
        contacts.customer_id
    from events
    inner join {{ ref('int_service__contacts_localised') }} as contacts
        on
            events.campaign_id = contacts.campaign_id
            and events.as_of >= contacts.occurred_date
    where contacts.outcome = 'attended' and contacts.customer_id is not null
),

spent as (
    {{ spend_around('attended', 'campaign_id', 'start_date', 'end_date', 'event_window_days') }}
),

told as (
    select
        attended.campaign_id,
        count(distinct answers.respondent) as respondents,
        cast(sum(answers.score_100) as double) / count(answers.score_100) as csat_100
    from attended
    inner join {{ ref('int_surveys__ratings_kept') }} as answers
        on
            attended.customer_id = answers.customer_id
            and attended.start_date <= cast(answers.responded_at_local as date)
            and {{ days_between('attended.end_date', 'cast(answers.responded_at_local as date)') }}
            <= attended.event_window_days
    where
        answers.role = 'satisfaction'
        and answers.dimension = 'overall'
        and answers.subject = 'own'
    group by attended.campaign_id
),

counted as (
    select
        campaign_id,
        count(*) as attendance
    from attended
    group by campaign_id
)

select
    events.campaign_id,
    events.campaign_name,
    events.start_date,
    events.end_date,
    case when delivered.is_delivered then cast(coalesce(counted.attendance, 0) as integer) end
        as attendance,
    case when told.respondents >= events.anonymity_min_cell then told.csat_100 end as csat_100,
    case
        when events.is_over and counted.attendance > 0
            then cast(coalesce(spent.spend_before, 0) as decimal(18, 2))
    end as spend_before,
    case
        when events.is_over and counted.attendance > 0
            then cast(coalesce(spent.spend_after, 0) as decimal(18, 2))
    end as spend_after,
    case
        when not delivered.is_delivered then 'no data'
        when counted.attendance is null then 'nobody recorded'
        when not events.is_over then 'too early'
        else 'measured'
    end as status,
    coverage.coverage_pct,
    context.chain_currency as currency,
    context.as_of
from events
cross join {{ ref('int_build__context_stated') }} as context
inner join {{ ref('int_loads__feeds_delivered') }} as delivered
    on delivered.feed = 'ref_interactions'
left join counted on events.campaign_id = counted.campaign_id
left join spent on events.campaign_id = spent.campaign_id
left join told on events.campaign_id = told.campaign_id
left join {{ ref('int_sales__coverage_measured') }} as coverage
    on extract(year from events.start_date) = coverage.calendar_year
