-- A mode that a wave did not use has the share 0 there, so that its disappearance is a shift too.
with modes as (
    select distinct coalesce(survey_mode, 'unknown') as survey_mode
    from {{ ref('int_surveys__ratings_kept') }}
),

counted as (
    select
        wave_id,
        coalesce(survey_mode, 'unknown') as survey_mode,
        count(distinct respondent) as respondents
    from {{ ref('int_surveys__ratings_kept') }}
    group by wave_id, coalesce(survey_mode, 'unknown')
),

shares as (
    select
        waves.wave_id,
        waves.wave_no,
        waves.last_date,
        modes.survey_mode,
        coalesce(counted.respondents, 0) as respondents,
        100 * cast(coalesce(counted.respondents, 0) as double) / waves.respondents as share_pct
    from {{ ref('int_surveys__waves_listed') }} as waves
    cross join modes
    left join counted
        on waves.wave_id = counted.wave_id and modes.survey_mode = counted.survey_mode
)

select
    wave_id,
    wave_no,
    last_date,
    survey_mode,
    cast(respondents as integer) as respondents,
    share_pct,
    share_pct - lag(share_pct) over (partition by survey_mode order by wave_no asc)
        as shift_points,
    lead(last_date) over (partition by survey_mode order by wave_no asc) as next_wave_date
from shares
