-- What is not known of a customer takes no part; the weights of the rest are scaled up to 1.
with measured as (
    select
        tiers.customer_id,
        tiers.year,
        tiers.tier,
        tiers.net_spend,
        tiers.coverage_pct,
        tiers.currency,
        tiers.as_of,
        quarters.judged_date,
        case when tiers.tier = 'B' then limits.a_min else limits.b_min end as next_floor,
        case when tiers.tier = 'B' then limits.b_min else 0 end as own_floor,
        case
            when not quarters.spend_q1 > quarters.spend_q2 then 0
            when not quarters.spend_q2 > quarters.spend_q3 then 1
            when not quarters.spend_q3 > quarters.spend_q4 then 2
            else 3
        end as rising_quarters,
        quarters.receipts,
        quarters.receipts_late_half,
        years.attitude_mean_100,
        rules.potential_weight_distance,
        rules.potential_weight_trend,
        rules.potential_weight_frequency,
        case when years.attitude_mean_100 is null then 0 else rules.potential_weight_attitude end
            as weight_attitude,
        case
            when tiers.tier = 'B' then rules.potential_promote_min
            else rules.potential_cultivate_min
        end as score_min
    from {{ ref('mart_customer_tier') }} as tiers
    cross join {{ ref('int_grading__rules_stated') }} as rules
    inner join {{ ref('int_tiers__rules_dated') }} as limits
        on tiers.year = limits.calendar_year
    inner join {{ ref('mart_customer_year') }} as years
        on tiers.customer_id = years.customer_id and tiers.year = years.year
    inner join {{ ref('int_tiers__quarters_summarised') }} as quarters
        on tiers.customer_id = quarters.customer_id and tiers.year = quarters.calendar_year
    where tiers.tier in ('B', 'C')
),

scored as (
    select
        *,
        least(
            greatest(
                cast(net_spend - own_floor as double)
                / nullif(cast(next_floor - own_floor as double), 0),
                0
            ),
            1
        ) as nearness,
        cast(receipts_late_half as double) / nullif(receipts, 0) as late_share,
        cast(
            potential_weight_distance
            + potential_weight_trend
            + potential_weight_frequency
            + weight_attitude as double
        ) as weights
    from measured
),

judged as (
    select
        *,
        100
        * (
            cast(potential_weight_distance as double) * nearness
            + cast(potential_weight_trend as double) * rising_quarters / 3
            + cast(potential_weight_frequency as double) * coalesce(late_share, 0)
            + cast(weight_attitude as double) * coalesce(attitude_mean_100, 0) / 100
        )
        / nullif(weights, 0) as score
    from scored
)

select
    customer_id,
    year,
    tier,
    judged_date,
    net_spend,
    cast(greatest(next_floor - net_spend, 0) as decimal(18, 2)) as spend_to_next_tier,
    rising_quarters,
    receipts,
    receipts_late_half,
    attitude_mean_100,
    cast(score as decimal(6, 2)) as score,
    case
        when tier = 'B' and score >= score_min then 'promote'
        when tier = 'B' then 'hold'
    end as b_potential,
    case
        when tier = 'C' and score >= score_min then 'cultivate'
        when tier = 'C' then 'serve'
    end as c_potential,
    cast(cast(greatest(next_floor - net_spend, 0) as decimal(18, 2)) as string) || ' ' || currency
    || ' below ' || case when tier = 'B' then 'A' else 'B' end
    || '; spend rose in ' || cast(rising_quarters as string) || ' of the last 3 quarters in a row'
    || '; ' || cast(receipts_late_half as string) || ' of ' || cast(receipts as string)
    || ' receipts in the last 6 months'
    || case
        when attitude_mean_100 is null then '; attitude not asked'
        else
            '; attitude ' || cast(cast(attitude_mean_100 as decimal(5, 1)) as string) || ' of 100'
    end as reasons,
    coverage_pct,
    currency,
    as_of
from judged
