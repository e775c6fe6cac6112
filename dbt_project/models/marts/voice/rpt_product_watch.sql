with fits as (
    select
        ratings.product_series,
        waves.wave_id,
        waves.wave_no,
        count(distinct ratings.respondent) as respondents,
        cast(count(case when ratings.is_top then 1 end) as double) / count(*) as fit_share,
        row_number() over (partition by ratings.product_series order by waves.wave_no asc)
            as asked_no
    from {{ ref('int_surveys__ratings_kept') }} as ratings
    inner join {{ ref('int_surveys__waves_listed') }} as waves on ratings.wave_id = waves.wave_id
    where
        ratings.role = 'taste_fit'
        and ratings.subject = 'own'
        and ratings.product_series is not null
    group by ratings.product_series, waves.wave_id, waves.wave_no
),

judged as (
    select
        fits.*,
        rules.anonymity_min_cell,
        rules.taste_fit_min_share,
        rules.taste_fit_waves,
        rules.as_of,
        {{ is_large_cell('fits.respondents', 'rules.anonymity_min_cell') }}
        and fits.fit_share < rules.taste_fit_min_share as is_below
    from fits
    cross join {{ ref('int_surveys__rules_dated') }} as rules
),

runs as (
    select
        *,
        asked_no - row_number() over (partition by product_series, is_below order by asked_no asc)
            as run
    from judged
),

counted as (
    select
        *,
        row_number() over (partition by product_series, is_below, run order by asked_no asc)
            as waves_in_a_row
    from runs
)

select
    product_series as product,
    wave_id,
    {{ answers_label('respondents', 'anonymity_min_cell') }} as n_label,
    {{ large_cell('fit_share', 'respondents', 'anonymity_min_cell') }} as fit_share,
    cast(taste_fit_min_share as double) as min_share,
    is_below,
    cast(case when is_below then waves_in_a_row else 0 end as integer) as waves_below,
    is_below and waves_in_a_row >= taste_fit_waves as is_watched,
    as_of
from counted
