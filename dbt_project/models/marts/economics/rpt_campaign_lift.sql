select
    lifts.campaign_id,
    lifts.measure,
    lifts.baseline,
    lifts.status,
    nullif(lifts.note, '') as reason,
    cast(lifts.n_treated as integer) as n_treated,
    cast(lifts.n_control as integer) as n_control,
    lifts.mean_treated,
    lifts.mean_control,
    lifts.plain_effect,
    lifts.plain_standard_error,
    lifts.effect,
    lifts.standard_error,
    lifts.effect_low,
    lifts.effect_high,
    lifts.p_value,
    case
        when lifts.effect_low > 0 then 'more'
        when lifts.effect_high < 0 then 'less'
        when lifts.effect is not null then 'no effect seen'
    end as verdict,
    lifts.theta as cuped_theta,
    lifts.before_difference,
    lifts.detectable_before,
    lifts.detectable_after,
    lifts.power_before,
    lifts.power_after,
    context.as_of
from {{ ref('int_campaigns__lifts_estimated') }} as lifts
cross join {{ ref('int_build__context_stated') }} as context
