select
    scores.region,
    scores.product_line,
    scores.market_kind,
    scores.is_target,
    cast(scores.potential as decimal(18, 2)) as potential,
    scores.growth,
    scores.margin,
    scores.rivals,
    scores.is_contested,
    scores.potential_part,
    scores.growth_part,
    scores.margin_part,
    scores.competition_part,
    scores.score,
    cast(
        case
            when scores.score is not null
                then
                    row_number() over (
                        partition by scores.market_kind
                        order by
                            scores.score desc nulls last,
                            scores.region asc,
                            scores.product_line asc
                    )
        end as integer
    ) as place,
    cast(rules.target_market_competition_sign as integer) as competition_sign,
    case when scores.score is not null then 'measured' else 'no data' end as status,
    rules.as_of
from {{ ref('int_segments__rules_dated') }} as rules
left join {{ ref('int_segments__markets_scored') }} as scores on rules.as_of is not null
