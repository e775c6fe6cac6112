-- Hours are summed as decimals: a sum of doubles would depend on the order of rows.
select
    coalesce(complaints.handler_id, 'nobody') as handler_id,
    cast(extract(year from complaints.received_date) as integer) as year,
    cast(count(*) as integer) as complaints,
    cast(count(case when complaints.is_open then 1 end) as integer) as open_complaints,
    cast(count(case when sla.breached_now then 1 end) as integer) as breached_now,
    cast(count(sla.met_response) as integer) as responses_judged,
    cast(count(case when sla.met_response then 1 end) as double)
    / nullif(count(sla.met_response), 0) as met_response_share,
    cast(count(sla.met_resolve) as integer) as resolutions_judged,
    cast(count(case when sla.met_resolve then 1 end) as double)
    / nullif(count(sla.met_resolve), 0) as met_resolve_share,
    cast(sum(cast(complaints.hours_to_resolution as decimal(18, 9))) as double)
    / nullif(count(complaints.hours_to_resolution), 0) as mean_hours_to_resolution,
    cast(sum(complaints.follow_up_score) as double) / nullif(count(complaints.follow_up_score), 0)
        as mean_follow_up_score,
    sla.as_of
from {{ ref('fct_complaint') }} as complaints
inner join {{ ref('mart_complaint_sla') }} as sla on complaints.complaint_id = sla.complaint_id
group by
    coalesce(complaints.handler_id, 'nobody'),
    cast(extract(year from complaints.received_date) as integer),
    sla.as_of
