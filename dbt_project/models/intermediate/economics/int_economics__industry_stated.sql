{% set figures = {
    'growth': 'industry_growth',
    'churn': 'industry_churn',
    'cac': 'industry_cac',
    'clv': 'industry_clv',
} %}

-- Yearly figures of the whole market as the source that counts states them; where it states none,
-- the mean of those of the regions.
with stated as (
    select
        cast(extract(year from ranked.period) as integer) as calendar_year,
        ranked.region,
        ranked.industry_growth,
        ranked.industry_churn,
        case when ranked.currency = context.chain_currency then ranked.industry_cac end
            as industry_cac,
        case when ranked.currency = context.chain_currency then ranked.industry_clv end
            as industry_clv,
        case
            when
                ranked.currency <> context.chain_currency
                and coalesce(ranked.industry_cac, ranked.industry_clv) is not null
                then ranked.currency
        end as other_currency
    from {{ ref('int_market__sources_ranked') }} as ranked
    inner join {{ ref('int_build__context_stated') }} as context
        on ranked.published_date <= context.as_of
    where
        ranked.source_place = 1
        and ranked.period_kind = 'year'
        and ranked.topic = 'figures'
        and ranked.product_line = 'all'
)

select
    calendar_year,
    max(other_currency) as other_currency,
{% for name, figure in figures.items() %}
coalesce(
    cast(max(case when region = 'all' then {{ figure }} end) as double),
    cast(sum(case when region <> 'all' then {{ figure }} end) as double)
    / nullif(count(case when region <> 'all' then {{ figure }} end), 0)
) as {{ name }}{{ ',' if not loop.last }}
{% endfor %}
from stated
group by calendar_year
