-- Complaints of a year by the value band of the customer in that year; a response that is not due
-- yet is judged by nobody.
with answered as (
    select
        complaints.complaint_id,
        bands.value_band,
        bands.calendar_year,
        complaints.complaint_type,
        cast(
            {{ seconds_between('complaints.received_at', 'steps.first_response_at') }} as double
        ) / 3600 as hours_to_response,
        case
            when steps.first_response_at <= limits.due_response then 1
            when
                steps.first_response_at > limits.due_response
                or cast(limits.due_response as date) < context.as_of
                then 0
        end as is_on_time
    from {{ ref('int_complaints__received_localised') }} as complaints
    cross join {{ ref('int_build__context_stated') }} as context
    inner join {{ ref('int_complaints__limits_dated') }} as limits
        on complaints.complaint_id = limits.complaint_id
    left join {{ ref('int_complaints__steps_pivoted') }} as steps
        on complaints.complaint_id = steps.complaint_id
    inner join {{ ref('int_customers__value_bands_dated') }} as bands
        on
            complaints.customer_id = bands.customer_id
            and extract(year from complaints.received_at_local) = bands.calendar_year
),

complaints as (
    select
        calendar_year,
        value_band,
        count(*) as complaints,
        count(case when complaint_type = 'attitude' then 1 end) as attitude_complaints,
        count(is_on_time) as judged,
        cast(sum(is_on_time) as double) / nullif(count(is_on_time), 0) as on_time_share,
        cast({{ quantile('hours_to_response', '0.5') }} as double) as median_response_hours
    from answered
    group by calendar_year, value_band
),

contacts as (
    select
        bands.calendar_year,
        bands.value_band,
        count(*) as contacts
    from {{ ref('int_customers__interactions_linked') }} as contacts
    inner join {{ ref('int_customers__value_bands_dated') }} as bands
        on
            contacts.customer_id = bands.customer_id
            and extract(year from contacts.occurred_at) = bands.calendar_year
    where contacts.direction = 'outbound'
    group by bands.calendar_year, bands.value_band
),

members as (
    select
        calendar_year,
        value_band,
        count(*) as customers
    from {{ ref('int_customers__value_bands_dated') }}
    where value_band is not null
    group by calendar_year, value_band
),

joined as (
    select
        members.calendar_year,
        members.value_band,
        members.customers,
        coalesce(complaints.complaints, 0) as complaints,
        coalesce(complaints.attitude_complaints, 0) as attitude_complaints,
        coalesce(complaints.judged, 0) as judged,
        complaints.on_time_share,
        complaints.median_response_hours,
        coalesce(contacts.contacts, 0) as contacts
    from members
    left join complaints
        on
            members.calendar_year = complaints.calendar_year
            and members.value_band = complaints.value_band
    left join contacts
        on
            members.calendar_year = contacts.calendar_year
            and members.value_band = contacts.value_band
)

select
    joined.*,
    best.on_time_share - joined.on_time_share as gap_to_a,
    cast(rules.fair_treatment_gap as double) as gap_allowed,
    -- To nine places, so that a gap of exactly the allowed size is none.
    round(best.on_time_share - joined.on_time_share, 9) > cast(rules.fair_treatment_gap as double)
        as is_unfair
from joined
cross join {{ ref('int_churn__rules_dated') }} as rules
left join joined as best
    on joined.calendar_year = best.calendar_year and best.value_band = 'A'
