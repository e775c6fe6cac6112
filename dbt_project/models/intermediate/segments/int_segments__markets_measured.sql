-- A market is a region or a product line, not the whole. Of several sources the preferred one
-- counts, then the first name. Yearly potential is the mean of the newest twelve months, or the
-- newest year.
with figures as (
    select
        market.*,
        row_number() over (
            partition by market.period, market.period_kind, market.region, market.product_line
            order by coalesce(market.is_preferred, false) desc, market.source_name asc
        ) as source_rank
    from {{ ref('stg_reference__market') }} as market
    cross join {{ ref('int_segments__rules_dated') }} as rules
    where
        market.topic = 'figures'
        and not (market.region = 'all' and market.product_line = 'all')
        and market.period <= rules.as_of
        and coalesce(market.published_date <= rules.as_of, true)
),

aged as (
    select
        figures.*,
        row_number() over (
            partition by figures.region, figures.product_line, figures.period_kind
            order by figures.period desc
        ) as periods_ago,
        row_number() over (
            partition by figures.region, figures.product_line, figures.industry_growth is null
            order by figures.period desc, figures.period_kind desc
        ) as growth_rank,
        row_number() over (
            partition by figures.region, figures.product_line, figures.industry_margin is null
            order by figures.period desc, figures.period_kind desc
        ) as margin_rank,
        row_number() over (
            partition by figures.region, figures.product_line, figures.rivals is null
            order by figures.period desc, figures.period_kind desc
        ) as rivals_rank
    from figures
    where figures.source_rank = 1
),

summed as (
    select
        region,
        product_line,
        max(coalesce(is_target, false)) as is_target,
        sum(
            case
                when period_kind = 'month' and periods_ago <= 12
                    then cast(industry_sales as double)
            end
        ) as sales_12_months,
        count(case when period_kind = 'month' and periods_ago <= 12 then industry_sales end)
            as months_known,
        sum(
            case
                when period_kind = 'month' and periods_ago between 13 and 24
                    then cast(industry_sales as double)
            end
        ) as sales_12_months_before,
        count(
            case
                when period_kind = 'month' and periods_ago between 13 and 24 then industry_sales
            end
        ) as months_known_before,
        max(
            case
                when period_kind = 'year' and periods_ago = 1 then cast(industry_sales as double)
            end
        ) as sales_year,
        max(case when growth_rank = 1 then cast(industry_growth as double) end) as stated_growth,
        max(case when margin_rank = 1 then cast(industry_margin as double) end) as margin,
        max(case when rivals_rank = 1 then rivals end) as rivals
    from aged
    group by region, product_line
)

select
    region,
    product_line,
    case
        when product_line = 'all' then 'region'
        when region = 'all' then 'product line'
        else 'line in region'
    end as market_kind,
    is_target,
    coalesce(12 * sales_12_months / nullif(months_known, 0), sales_year) as potential,
    coalesce(
        stated_growth,
        case
            when months_known = 12 and months_known_before = 12 and sales_12_months_before > 0
                then sales_12_months / sales_12_months_before - 1
        end
    ) as growth,
    margin,
    cast(rivals as integer) as rivals
from summed
