-- What to do with whoever declines: redevelop where the residual value is worth several win-backs,
-- migrate to cheaper care where it covers one, release below. Without a value nobody is released.
with valued as (
    select
        lifecycle.customer_id,
        lifecycle.stage4_reason,
        lifecycle.stage5,
        clv.clv_profit_forward as residual_value,
        clv.missing_reason,
        cast(rules.winback_cost as decimal(18, 2)) as winback_cost,
        rules.decline_redevelop_ratio,
        best.tier as best_tier,
        clv.currency,
        lifecycle.as_of
    from {{ ref('mart_lifecycle') }} as lifecycle
    cross join {{ ref('int_churn__rules_dated') }} as rules
    left join {{ ref('mart_clv') }} as clv on lifecycle.customer_id = clv.customer_id
    left join (
        select
            customer_id,
            min(tier) as tier
        from {{ ref('mart_customer_tier') }}
        where tier in ('A', 'B', 'C')
        group by customer_id
    ) as best on lifecycle.customer_id = best.customer_id
    where lifecycle.stage4 = 'decline'
),

decided as (
    select
        *,
        case
            when residual_value >= decline_redevelop_ratio * winback_cost then 'redevelop'
            when residual_value >= winback_cost then 'migrate'
            when residual_value < winback_cost then 'release'
        end as decline_decision
    from valued
)

select
    customer_id,
    decline_decision,
    case
        when decline_decision is null
            then 'no decision: ' || coalesce(missing_reason, 'no future value is known')
        else
            'residual value ' || cast(residual_value as string) || ' ' || currency || ' against '
            || cast(winback_cost as string) || ' to win back; ' || stage4_reason
    end as decision_reason,
    residual_value,
    winback_cost,
    best_tier,
    stage5,
    currency,
    as_of
from decided
