-- What is known of the world outside: words of the market's sources, facts on rivals, and the
-- months of public posts. A figure of the market is a demand, a text a trend.
select
    'trends' as field,
    market.topic || '/' || market.region || '/' || market.product_line || '/'
    || market.source_name || '/' || cast(market.period as string) || '/' || market.period_kind
        as item_id,
    market.topic,
    market.region,
    market.published_date as item_date,
    market.source_name,
    market.note as item
from {{ ref('int_market__sources_ranked') }} as market
where market.topic <> 'figures'
union all
select
    'demand' as field,
    'figures/' || market.region || '/' || market.product_line || '/' || market.source_name || '/'
    || cast(market.period as string) || '/' || market.period_kind as item_id,
    market.topic,
    market.region,
    market.published_date as item_date,
    market.source_name,
    cast(market.industry_sales as string) || ' ' || market.currency as item
from {{ ref('int_market__sources_ranked') }} as market
where market.topic = 'figures' and market.industry_sales is not null
union all
select
    'rivals' as field,
    fact_id as item_id,
    topic,
    region,
    observed_date as item_date,
    source_name,
    competitor || ': ' || coalesce(fact, cast(fact_value as string) || ' ' || unit) as item
from {{ ref('stg_reference__competitors') }}
union all
select
    'demand' as field,
    'posts/' || platform || '/' || cast({{ month_of('captured_date') }} as string) as item_id,
    'posts' as topic,
    null as region,
    max(captured_date) as item_date,
    platform as source_name,
    cast(count(*) as string) || ' posts' as item
from {{ ref('int_feedback__items_gathered') }}
where source_kind = 'post' and platform is not null and captured_date is not null
group by platform, {{ month_of('captured_date') }}
