-- A market's growth is what its source says, else its own figure a year before; ours is always our
-- figure of the same source. Rivals stand with the newest share of the year to the period's end.
with cells as (
    select
        *,
        case period_kind
            when 'month' then {{ add_months('period', 1) }}
            when 'quarter' then {{ add_months('period', 3) }}
            else {{ add_months('period', 12) }}
        end as period_before
    from {{ ref('int_market__sources_ranked') }}
    where topic = 'figures'
),

seen as (
    select
        cells.period,
        cells.period_kind,
        cells.region,
        cells.product_line,
        cells.source_name,
        facts.competitor,
        facts.fact_value as share,
        cast(cells.our_sales as double) / nullif(cast(cells.industry_sales as double), 0)
            as our_share,
        row_number() over (
            partition by
                cells.period, cells.period_kind, cells.region, cells.product_line,
                cells.source_name, facts.competitor
            order by facts.observed_date desc, facts.fact_id desc
        ) as place
    from cells
    inner join {{ ref('int_market__rival_facts_ranked') }} as facts
        on
            facts.topic = 'market_share'
            and facts.unit = 'share'
            and cells.region = facts.region
            and cells.product_line = facts.product_line
            and cells.period_before > facts.observed_date
            and facts.observed_date >= {{ add_months('cells.period_before', -12) }}
),

rivals as (
    select
        period,
        period_kind,
        region,
        product_line,
        source_name,
        count(*) as rivals_seen,
        sum(share) as rival_share,
        sum(case when cast(share as double) > our_share then 1 else 0 end) as rivals_ahead
    from seen
    where place = 1
    group by period, period_kind, region, product_line, source_name
)

select
    cells.period,
    cells.period_kind,
    cells.region,
    cells.product_line,
    cells.source_name,
    cast(rivals.rivals_seen as integer) as rivals_seen,
    cast(rivals.rival_share as double) as rival_share,
    case
        when cells.our_sales is not null and cells.industry_sales > 0
            then cast(1 + rivals.rivals_ahead as integer)
    end as share_rank,
    coalesce(
        cast(cells.industry_growth as double),
        cast(cells.industry_sales as double)
        / nullif(cast(before.industry_sales as double), 0) - 1
    ) as market_growth,
    cast(cells.our_sales as double) / nullif(cast(before.our_sales as double), 0) - 1 as our_growth
from cells
left join cells as before
    on
        cells.period = {{ add_months('before.period', 12) }}
        and cells.period_kind = before.period_kind
        and cells.region = before.region
        and cells.product_line = before.product_line
        and cells.source_name = before.source_name
left join rivals
    on
        cells.period = rivals.period
        and cells.period_kind = rivals.period_kind
        and cells.region = rivals.region
        and cells.product_line = rivals.product_line
        and cells.source_name = rivals.source_name
