-- Every door that takes complaints, zero included: a year without any may be a blockage.
with years as (
    select distinct cast(extract(year from received_date) as integer) as year
    from {{ ref('fct_complaint') }}
),

judged as (
    select
        complaints.channel,
        cast(extract(year from complaints.received_date) as integer) as year,
        count(*) as complaints,
        count(sla.met_response) as responses_judged,
        count(case when sla.met_response then 1 end) as responses_met,
        count(sla.met_resolve) as resolutions_judged,
        count(case when sla.met_resolve then 1 end) as resolutions_met,
        max(complaints.received_date) as last_received_date
    from {{ ref('fct_complaint') }} as complaints
    inner join {{ ref('mart_complaint_sla') }} as sla on complaints.complaint_id = sla.complaint_id
    group by 1, 2
),

channels as (
    select door as channel
    from {{ ref('int_feedback__doors_listed') }}
    where takes_complaints
    union distinct
    select channel
    from judged
    where channel is not null
)

select
    channels.channel,
    years.year,
    cast(coalesce(judged.complaints, 0) as integer) as complaints,
    coalesce(judged.complaints, 0) = 0 as is_silent,
    cast(judged.responses_met as double) / nullif(judged.responses_judged, 0) as met_response_share,
    cast(judged.resolutions_met as double) / nullif(judged.resolutions_judged, 0)
        as met_resolve_share,
    judged.last_received_date,
    context.as_of
from channels
cross join years
cross join {{ ref('int_build__context_stated') }} as context
left join judged on channels.channel = judged.channel and years.year = judged.year
