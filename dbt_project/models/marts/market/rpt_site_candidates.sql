-- Areas of the newest year with both figures; crowded and better off have a weight each, against
-- the highest of the areas. An area is one of ref_market: a region, a province or a city. One with
-- an open store is no candidate.
with stated as (
    select
        region as area,
        period,
        footfall,
        income_per_head,
        currency,
        row_number() over (partition by region order by period desc, source_name asc) as place
    from {{ ref('mart_market') }}
    where
        topic = 'figures'
        and product_line = 'all'
        and region <> 'all'
        and is_preferred
        and footfall is not null
        and income_per_head is not null
),

opened as (
    select
        stated.area,
        count(*) as open_stores
    from stated
    cross join {{ ref('int_build__context_stated') }} as context
    inner join {{ ref('dim_store') }} as stores
        on
            stated.area in (stores.region, stores.province, stores.city)
            and context.as_of >= stores.opened_date
            and coalesce(context.as_of < stores.closed_date, true)
    where stated.place = 1
    group by stated.area
),

sold as (
    select
        stated.area,
        sum(sales.net_amount_chain) as net_sales
    from stated
    cross join {{ ref('int_build__context_stated') }} as context
    inner join {{ ref('dim_store') }} as stores
        on stated.area in (stores.region, stores.province, stores.city)
    inner join {{ ref('int_sales__lines_kept') }} as sales
        on
            stores.store_id = sales.store_id
            and {{ days_between('sales.business_date', 'context.as_of') }} < 365
    where stated.place = 1
    group by stated.area
),

scored as (
    select
        stated.area,
        stated.period,
        stated.footfall,
        stated.income_per_head,
        stated.currency,
        coalesce(opened.open_stores, 0) as open_stores,
        sold.net_sales,
        round(
            cast(rules.site_weight_footfall as double) * stated.footfall
            / nullif(max(stated.footfall) over (), 0)
            + cast(rules.site_weight_income as double) * cast(stated.income_per_head as double)
            / nullif(cast(max(stated.income_per_head) over () as double), 0),
            9
        ) as score
    from stated
    cross join {{ ref('int_channels__rules_dated') }} as rules
    left join opened on stated.area = opened.area
    left join sold on stated.area = sold.area
    where stated.place = 1
)

select
    scored.area,
    scored.period as figures_of,
    scored.footfall,
    scored.income_per_head,
    scored.score,
    cast(row_number() over (order by scored.score desc, scored.area asc) as integer) as area_rank,
    cast(scored.open_stores as integer) as open_stores,
    scored.open_stores = 0 as is_candidate,
    case
        when scored.open_stores = 0
            then
                cast(
                    row_number() over (
                        partition by case when scored.open_stores = 0 then 1 else 0 end
                        order by scored.score desc, scored.area asc
                    ) as integer
                )
    end as candidate_rank,
    cast(scored.net_sales as decimal(18, 2)) as net_sales_365d,
    case when scored.area is null then 'no data' else 'ranked' end as status,
    scored.currency,
    context.as_of
from {{ ref('int_build__context_stated') }} as context
left join scored on true
