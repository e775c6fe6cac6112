select
    levels.customer_id,
    levels.member_level,
    levels.recomputed_level,
    coalesce(levels.member_level = levels.recomputed_level, false) as is_as_recomputed,
    levels.net_spend,
    levels.receipts,
    coalesce(tiers.tier, 'UNRATED') as tier,
    coverage.coverage_pct,
    context.chain_currency as currency,
    context.as_of
from {{ ref('int_programme__levels_recomputed') }} as levels
cross join {{ ref('int_build__context_stated') }} as context
cross join {{ ref('int_sales__coverage_totalled') }} as coverage
left join {{ ref('mart_customer_tier') }} as tiers
    on levels.customer_id = tiers.customer_id and extract(year from context.as_of) = tiers.year
