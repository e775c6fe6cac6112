-- Each part runs from 0 for the lowest market of its kind to 1 for the highest; a part that is not
-- known leaves the others its weight. Competition counts only from so many rivals on, so that its
-- sign moves contested markets and no other.
with spans as (
    select
        market_kind,
        min(potential) as potential_min,
        max(potential) as potential_max,
        min(growth) as growth_min,
        max(growth) as growth_max,
        min(margin) as margin_min,
        max(margin) as margin_max,
        max(rivals) as rivals_max
    from {{ ref('int_segments__markets_measured') }}
    group by market_kind
),

parts as (
    select
        markets.*,
        markets.rivals >= rules.target_market_competitive_rivals as is_contested,
        case
            when spans.potential_max > spans.potential_min
                then
                    (markets.potential - spans.potential_min)
                    / (spans.potential_max - spans.potential_min)
            when markets.potential is not null then 0.5
        end as potential_part,
        case
            when spans.growth_max > spans.growth_min
                then (markets.growth - spans.growth_min) / (spans.growth_max - spans.growth_min)
            when markets.growth is not null then 0.5
        end as growth_part,
        case
            when spans.margin_max > spans.margin_min
                then (markets.margin - spans.margin_min) / (spans.margin_max - spans.margin_min)
            when markets.margin is not null then 0.5
        end as margin_part,
        case
            when markets.rivals < rules.target_market_competitive_rivals then 0
            when spans.rivals_max > 0 then cast(markets.rivals as double) / spans.rivals_max
        end as competition_part,
        cast(rules.target_market_weight_potential as double) as potential_weight,
        cast(rules.target_market_weight_growth as double) as growth_weight,
        cast(rules.target_market_weight_margin as double) as margin_weight,
        cast(rules.target_market_weight_competition as double) as competition_weight,
        cast(rules.target_market_competition_sign as double) as competition_sign
    from {{ ref('int_segments__markets_measured') }} as markets
    cross join {{ ref('int_segments__rules_dated') }} as rules
    inner join spans on markets.market_kind = spans.market_kind
)

select
    region,
    product_line,
    market_kind,
    is_target,
    potential,
    growth,
    margin,
    rivals,
    coalesce(is_contested, false) as is_contested,
    potential_part,
    growth_part,
    margin_part,
    competition_part,
    round(
        (
            coalesce(potential_weight * potential_part, 0)
            + coalesce(growth_weight * growth_part, 0)
            + coalesce(margin_weight * margin_part, 0)
            + coalesce(competition_sign * competition_weight * competition_part, 0)
        )
        / nullif(
            case when potential_part is not null then potential_weight else 0 end
            + case when growth_part is not null then growth_weight else 0 end
            + case when margin_part is not null then margin_weight else 0 end
            + case when competition_part is not null then competition_weight else 0 end,
            0
        ), 6
    ) as score
from parts
