-- Our outlets and promoters of a region at as_of; without a register of staff nobody can say that
-- there are no promoters. Sales by outlet are those of the newest month that was published.
with regions as (
    select
        stores.region,
        count(
            case
                when
                    stores.opened_date <= context.as_of
                    and coalesce(context.as_of < stores.closed_date, true)
                    then 1
            end
        ) as outlets
    from {{ ref('int_stores__details_stated') }} as stores
    cross join {{ ref('int_build__context_stated') }} as context
    where stores.region is not null
    group by stores.region
),

promoters as (
    select
        coalesce(people.region, stores.region) as region,
        count(distinct people.staff_id) as promoters
    from {{ ref('stg_reference__staff') }} as people
    cross join {{ ref('int_build__context_stated') }} as context
    left join {{ ref('int_stores__details_stated') }} as stores
        on people.store_id = stores.store_id
    where
        people.record_kind = 'person'
        and people.staff_role = 'promoter'
        and coalesce(people.joined_date <= context.as_of, true)
        and coalesce(context.as_of <= people.left_date, true)
    group by coalesce(people.region, stores.region)
),

months as (
    select
        region,
        our_sales,
        industry_sales,
        row_number() over (partition by region order by period desc) as place
    from {{ ref('int_market__sources_ranked') }}
    where
        source_place = 1 and topic = 'figures' and product_line = 'all' and period_kind = 'month'
),

rivals as (
    select
        region,
        competitor,
        max(case when topic = 'outlets' then fact_value end) as outlets,
        max(case when topic = 'promoters' then fact_value end) as promoters,
        max(case when topic = 'market_share' and unit = 'share' then fact_value end) as share
    from {{ ref('int_market__rival_facts_ranked') }}
    where
        place = 1 and product_line = 'all'
        and topic in ('outlets', 'promoters', 'market_share')
    group by region, competitor
)

select
    regions.region,
    rivals.competitor,
    cast(regions.outlets as double) as our_outlets,
    cast(rivals.outlets as double) as rival_outlets,
    cast(promoters.promoters as double) as our_promoters,
    cast(rivals.promoters as double) as rival_promoters,
    cast(months.our_sales as double) / nullif(regions.outlets, 0) as our_outlet_sales,
    cast(rivals.share as double) * cast(months.industry_sales as double)
    / nullif(cast(rivals.outlets as double), 0) as rival_outlet_sales
from regions
left join promoters on regions.region = promoters.region
left join months on regions.region = months.region and months.place = 1
left join rivals on regions.region = rivals.region
