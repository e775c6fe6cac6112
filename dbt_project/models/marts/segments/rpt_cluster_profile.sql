with members as (
    select
        clusters.cluster,
        clusters.silhouette,
        buyers.recency_days,
        buyers.receipts_window,
        buyers.net_spend_window,
        buyers.full_price_share,
        buyers.series_bought,
        buyers.weekend_share
    from {{ ref('mart_clusters') }} as clusters
    inner join {{ ref('int_segments__buyers_measured') }} as buyers
        on clusters.customer_id = buyers.customer_id and buyers.is_current
    where clusters.cluster is not null
),

coverage as (
    select
        cast(sum(identified_net_amount) as double)
        / nullif(cast(sum(total_net_amount) as double), 0) as coverage_pct
    from {{ ref('int_sales__coverage_measured') }}
)

select
    members.cluster,
    cast(count(*) as integer) as customers,
    cast(count(*) as double) / sum(count(*)) over () as customer_share,
    count(*) = 1 as is_single,
    max(members.silhouette) as silhouette,
    cast(sum(members.recency_days) as double) / count(*) as recency_days_mean,
    cast(sum(members.receipts_window) as double) / count(*) as receipts_365d_mean,
    cast(
        cast(sum(members.net_spend_window) as double) / count(*) as decimal(18, 2)
    ) as net_spend_365d_mean,
    round(sum(members.full_price_share) / count(*), 6) as full_price_share_mean,
    cast(sum(members.series_bought) as double) / count(*) as series_bought_mean,
    round(sum(members.weekend_share) / count(*), 6) as weekend_share_mean,
    max(coverage.coverage_pct) as coverage_pct,
    context.chain_currency as currency,
    context.as_of
from members
cross join coverage
cross join {{ ref('int_build__context_stated') }} as context
group by members.cluster, context.chain_currency, context.as_of
