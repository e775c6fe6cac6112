with ranked as (
    select
        *,
        {{ version_rank(
            ['period', 'period_kind', 'region', 'product_line', 'topic', 'source_name']
        ) }} as version_rank
    from {{ source('reference', 'ref_market') }}
)

select
    period,
    period_kind,
    region,
    product_line,
    topic,
    source_name,
    source_type,
    published_at as published_date,
    is_preferred,
    is_target,
    industry_sales,
    our_sales,
    average_share,
    our_rank,
    rivals,
    industry_growth,
    industry_margin,
    industry_churn,
    industry_cac,
    industry_clv,
    footfall,
    income_per_head,
    note,
    coalesce(
        currency,
        (select max(build.chain_currency) from {{ source('lake', 'build') }} as build)
    ) as currency,
    updated_at,
    load_id,
    file_row
from ranked
where version_rank = 1
