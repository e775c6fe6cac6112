-- Personal and general campaigns by the year of the contact. Only where every personal campaign of
-- the year left a control group aside is the ratio more than who was chosen for them.
with answered as (
    select
        cast(extract(year from contacts.contacted_date) as integer) as calendar_year,
        campaigns.is_personalised,
        coalesce(campaigns.control_share, 0) as control_share,
        contacts.has_responded
    from {{ ref('int_customers__campaigns_answered') }} as contacts
    inner join {{ ref('int_customers__campaigns_listed') }} as campaigns
        on contacts.campaign_id = campaigns.campaign_id
    where contacts.contacted_date is not null and campaigns.is_personalised is not null
),

counted as (
    select
        calendar_year,
        count(case when is_personalised then 1 end) as personal_contacted,
        count(case when is_personalised and has_responded then 1 end) as personal_responded,
        count(case when not is_personalised then 1 end) as general_contacted,
        count(case when not is_personalised and has_responded then 1 end) as general_responded,
        min(case when is_personalised then control_share end) as least_control_share
    from answered
    group by calendar_year
)

select
    counted.calendar_year as year,
    cast(counted.personal_contacted as integer) as personal_contacted,
    cast(counted.personal_responded as integer) as personal_responded,
    cast(counted.personal_responded as double) / nullif(counted.personal_contacted, 0)
        as personal_response_rate,
    cast(counted.general_contacted as integer) as general_contacted,
    cast(counted.general_responded as integer) as general_responded,
    cast(counted.general_responded as double) / nullif(counted.general_contacted, 0)
        as general_response_rate,
    cast(counted.personal_responded as double) * counted.general_contacted
    / nullif(counted.personal_contacted * counted.general_responded, 0) as response_ratio,
    case
        when counted.calendar_year is null then 'no data'
        when counted.personal_contacted = 0 or counted.general_contacted = 0 then 'one kind only'
        when counted.least_control_share > 0 then 'controlled'
        else 'uncontrolled'
    end as status,
    context.as_of
from {{ ref('int_build__context_stated') }} as context
left join counted on true
