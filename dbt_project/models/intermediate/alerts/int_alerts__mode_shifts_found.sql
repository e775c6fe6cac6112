-- The next wave closes it: its own shift, if any, is an alert of its own.
select
    'MODE_SHIFT' as alert_code,
    'survey_mode' as entity_type,
    shares.wave_id || '/' || shares.survey_mode as entity_id,
    shares.last_date as opened_date,
    case when shares.next_wave_date <= rules.as_of then shares.next_wave_date end as closed_date,
    abs(shares.shift_points) as alert_value,
    cast(rules.mode_shift_max_points as double) as threshold,
    case when shares.next_wave_date <= rules.as_of then 'another wave followed' end as feedback
from {{ ref('int_surveys__mode_shares_compared') }} as shares
cross join {{ ref('int_surveys__rules_dated') }} as rules
where abs(shares.shift_points) > rules.mode_shift_max_points and shares.last_date <= rules.as_of
