select
    ranked.period,
    ranked.period_kind,
    ranked.region,
    ranked.product_line,
    ranked.topic,
    ranked.source_name,
    ranked.source_type,
    ranked.published_date,
    ranked.source_place = 1 as is_preferred,
    ranked.is_target,
    ranked.industry_sales,
    ranked.our_sales,
    cast(ranked.our_sales as double) / nullif(cast(ranked.industry_sales as double), 0)
        as our_share,
    ranked.average_share,
    cast(ranked.our_sales as double) / nullif(cast(ranked.industry_sales as double), 0)
    / nullif(cast(ranked.average_share as double), 0) as share_to_average,
    round(
        cast(ranked.our_sales as double) / nullif(cast(ranked.industry_sales as double), 0)
        / nullif(cast(ranked.average_share as double), 0), 9
    ) >= strong.value_number as strong_expansion,
    cast(ranked.our_rank as integer) as our_rank,
    cast(ranked.rivals as integer) as rivals,
    compared.rivals_seen,
    compared.rival_share,
    compared.share_rank,
    round(
        cast(ranked.our_sales as double) / nullif(cast(ranked.industry_sales as double), 0)
        + compared.rival_share, 9
    ) > 1 as has_impossible_shares,
    ranked.industry_growth,
    compared.market_growth,
    compared.our_growth,
    cast(cast(100 * (compared.our_growth - compared.market_growth) as decimal(18, 9)) as double)
        as growth_ahead_points,
    ranked.industry_margin,
    ranked.industry_churn,
    ranked.industry_cac,
    ranked.industry_clv,
    ranked.footfall,
    ranked.income_per_head,
    case when ranked.period is not null then ranked.note is not null end as has_note,
    ranked.currency,
    case when delivered.is_delivered then 'stated' else 'no data' end as status,
    context.as_of
from {{ ref('int_loads__feeds_delivered') }} as delivered
cross join {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_market__sources_ranked') }} as ranked on delivered.is_delivered
left join {{ ref('int_market__cells_compared') }} as compared
    on
        ranked.topic = 'figures'
        and ranked.period = compared.period
        and ranked.period_kind = compared.period_kind
        and ranked.region = compared.region
        and ranked.product_line = compared.product_line
        and ranked.source_name = compared.source_name
left join {{ ref('int_parameters__periods_dated') }} as strong
    on
        strong.code = 'strong_share_ratio'
        and context.as_of >= strong.valid_from
        and context.as_of < strong.valid_before
where
    delivered.feed = 'ref_market'
    and (ranked.period is not null or not delivered.is_delivered)
