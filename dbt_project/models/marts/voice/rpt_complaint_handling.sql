-- Rapid, proper, lasting: shares from 0 to 1, each of what can be judged; the index is their mean
-- where all three are known. A recurrence counts in the month of the second complaint and leaves
-- the first one's limit and score as they were.
with judged as (
    select
        verifications.store_id,
        {{ month_of('verifications.received_date') }} as month_start,
        count(*) as complaints,
        count(case when sla.met_response is not null and sla.met_resolve is not null then 1 end)
            as limits_judged,
        count(case when sla.met_response and sla.met_resolve then 1 end) as limits_met,
        count(verifications.post_resolution_csat) as scores,
        sum(verifications.post_resolution_csat) as score_sum,
        count(case when verifications.recurrence then 1 end) as recurrences,
        sla.as_of
    from {{ ref('mart_complaint_verification') }} as verifications
    inner join {{ ref('mart_complaint_sla') }} as sla
        on verifications.complaint_id = sla.complaint_id
    where verifications.store_id is not null
    group by verifications.store_id, {{ month_of('verifications.received_date') }}, sla.as_of
),

parts as (
    select
        *,
        cast(limits_met as double) / nullif(limits_judged, 0) as rapid_share,
        score_sum / nullif(scores, 0) / 100 as proper_score,
        1 - cast(recurrences as double) / complaints as lasting_share
    from judged
)

select
    store_id,
    month_start,
    cast(complaints as integer) as complaints,
    rapid_share,
    proper_score,
    cast(recurrences as integer) as recurrences,
    lasting_share,
    (rapid_share + proper_score + lasting_share) / 3 as handling_index,
    as_of
from parts
