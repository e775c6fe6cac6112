select
    pairs.wave_id,
    pairs.x,
    pairs.y,
    pairs.method,
    pairs.r,
    cast(pairs.n as integer) as n,
    pairs.p_value,
    pairs.low,
    pairs.high,
    case
        when pairs.r is not null and 'overall' in (pairs.x, pairs.y)
            then
                cast(
                    row_number() over (
                        partition by
                            pairs.wave_id, pairs.method, 'overall' in (pairs.x, pairs.y)
                        order by pairs.r desc nulls last, pairs.x asc, pairs.y asc
                    ) as integer
                )
    end as driver_rank,
    nullif(pairs.note, '') as reason,
    context.as_of
from {{ ref('int_surveys__correlations_computed') }} as pairs
cross join {{ ref('int_build__context_stated') }} as context
-- Loyalty follows from buying too and is no answer: see rpt_satisfaction_trust_loyalty.
where 'loyalty' not in (pairs.x, pairs.y)
