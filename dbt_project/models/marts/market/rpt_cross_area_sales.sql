-- What known customers bought in each region, by the region of the store where they came most often
-- in the year: their home. The rows of a region add up to its sales to known customers.
with bought as (
    select
        cast(extract(year from sales.business_date) as integer) as calendar_year,
        homes.region as home_region,
        stores.region,
        sales.customer_id,
        sum(sales.net_amount_chain) as net_sales
    from {{ ref('int_sales__lines_kept') }} as sales
    left join {{ ref('int_stores__details_stated') }} as stores
        on sales.store_id = stores.store_id
    left join {{ ref('int_loyalty__home_stores_found') }} as visited
        on
            sales.customer_id = visited.customer_id
            and extract(year from sales.business_date) = visited.calendar_year
    left join {{ ref('int_stores__details_stated') }} as homes
        on visited.store_id = homes.store_id
    where sales.customer_id is not null
    group by
        extract(year from sales.business_date), homes.region, stores.region, sales.customer_id
),

summed as (
    select
        calendar_year,
        coalesce(region, 'UNKNOWN') as region,
        coalesce(home_region, 'UNKNOWN') as home_region,
        case when region is not null and home_region is not null then region <> home_region end
            as is_cross_area,
        count(*) as customers,
        sum(net_sales) as net_sales
    from bought
    group by calendar_year, region, home_region
)

select
    summed.calendar_year,
    summed.region,
    summed.home_region,
    summed.is_cross_area,
    cast(summed.customers as integer) as customers,
    cast(summed.net_sales as decimal(18, 2)) as net_sales,
    cast(summed.net_sales as double)
    / nullif(
        cast(
            sum(summed.net_sales) over (partition by summed.calendar_year, summed.region) as double
        ),
        0
    ) as share_of_region,
    coverage.coverage_pct,
    context.chain_currency as currency,
    context.as_of
from summed
cross join {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_sales__coverage_measured') }} as coverage
    on summed.calendar_year = coverage.calendar_year
