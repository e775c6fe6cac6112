select
    scores.customer_id,
    case
        when
            scores.r >= rules.rfm_strong_min
            and scores.f >= rules.rfm_strong_min
            and scores.m >= rules.rfm_strong_min
            then 'champion'
        when scores.f >= rules.rfm_strong_min and scores.r > rules.rfm_weak_max then 'loyal'
        when scores.f > rules.rfm_weak_max and scores.r <= rules.rfm_weak_max then 'at risk'
        when scores.f <= rules.rfm_weak_max and scores.r <= rules.rfm_weak_max then 'asleep'
        when scores.f <= rules.rfm_weak_max and scores.r >= rules.rfm_strong_min then 'new or rare'
        else 'regular'
    end as segment
from {{ ref('int_segments__rfm_scored') }} as scores
cross join {{ ref('int_segments__rules_dated') }} as rules
where scores.is_current
