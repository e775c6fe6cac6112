select
    cast(
        row_number() over (
            partition by years.year
            order by years.net_spend desc nulls last, years.customer_id asc
        ) as integer
    ) as spend_rank,
    years.customer_id,
    years.year,
    years.net_spend,
    tiers.tier,
    tiers.gap_flag,
    years.activity,
    years.receipts,
    years.last_purchase_date,
    years.coverage_pct,
    years.currency,
    years.as_of
from {{ ref('mart_customer_year') }} as years
left join {{ ref('mart_customer_tier') }} as tiers
    on years.customer_id = tiers.customer_id and years.year = tiers.year
