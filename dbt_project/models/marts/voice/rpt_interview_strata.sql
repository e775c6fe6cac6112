-- Only interviews with a transcript stand for their stratum.
with waves as (
    select distinct wave_id
    from {{ ref('int_surveys__interviews_checked') }}
    where wave_id is not null
),

held as (
    select
        wave_id,
        stratum,
        count(*) as interviews
    from {{ ref('int_surveys__interviews_checked') }}
    where has_transcript
    group by wave_id, stratum
)

select
    waves.wave_id,
    strata.stratum,
    cast(strata.planned_interviews as integer) as planned_interviews,
    cast(coalesce(held.interviews, 0) as integer) as interviews,
    coalesce(held.interviews, 0) >= strata.planned_interviews as is_covered,
    context.as_of
from waves
cross join {{ ref('int_surveys__interview_strata_planned') }} as strata
cross join {{ ref('int_build__context_stated') }} as context
left join held on waves.wave_id = held.wave_id and strata.stratum = held.stratum
