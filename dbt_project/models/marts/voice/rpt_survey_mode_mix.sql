select
    shares.wave_id,
    shares.survey_mode,
    shares.respondents,
    shares.share_pct,
    shares.shift_points,
    abs(shares.shift_points) > rules.mode_shift_max_points as is_shifted,
    satisfaction.csat_mean_100,
    satisfaction.csat_top2_pct,
    rules.as_of
from {{ ref('int_surveys__mode_shares_compared') }} as shares
cross join {{ ref('int_surveys__rules_dated') }} as rules
left join {{ ref('mart_satisfaction') }} as satisfaction
    on
        satisfaction.period_type = 'wave'
        and satisfaction.breakdown = 'mode'
        and satisfaction.dimension = 'overall'
        and shares.wave_id = satisfaction.period
        and shares.survey_mode = satisfaction.breakdown_value
