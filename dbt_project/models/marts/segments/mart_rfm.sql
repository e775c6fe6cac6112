with coverage as (
    select
        cast(sum(identified_net_amount) as double)
        / nullif(cast(sum(total_net_amount) as double), 0) as coverage_pct
    from {{ ref('int_sales__coverage_measured') }}
)

select
    scores.customer_id,
    scores.recency_days,
    scores.receipts,
    scores.net_spend,
    scores.gross_spend,
    scores.r,
    scores.f,
    scores.m,
    scores.m_before_refunds,
    cast(scores.r as string) || cast(scores.f as string) || cast(scores.m as string) as cell,
    coverage.coverage_pct,
    context.chain_currency as currency,
    context.as_of
from {{ ref('int_segments__rfm_scored') }} as scores
cross join coverage
cross join {{ ref('int_build__context_stated') }} as context
where scores.is_current
