-- Width is the number of outlets of an area, depth what one of them sells; each against the mean of
-- the areas of the year. An outlet counts in a year in which it is open or sells.
with outlets as (
    select
        years.calendar_year,
        stores.store_id
    from {{ ref('int_build__years_listed') }} as years
    inner join {{ ref('int_stores__details_stated') }} as stores
        on
            years.calendar_year >= extract(year from stores.opened_date)
            and (
                stores.closed_date is null
                or years.calendar_year <= extract(year from stores.closed_date)
            )
    union distinct
    select
        cast(extract(year from business_date) as integer) as calendar_year,
        store_id
    from {{ ref('int_sales__store_days_summarised') }}
),

sold as (
    select
        cast(extract(year from business_date) as integer) as calendar_year,
        store_id,
        sum(net_sales) as net_sales
    from {{ ref('int_sales__store_days_summarised') }}
    group by extract(year from business_date), store_id
),

areas as (
    select
        outlets.calendar_year,
        coalesce(stores.region, 'UNKNOWN') as region,
        count(*) as outlets,
        sum(case when sold.store_id is null then 0 else sold.net_sales end) as net_sales
    from outlets
    left join {{ ref('int_stores__details_stated') }} as stores
        on outlets.store_id = stores.store_id
    left join sold
        on outlets.store_id = sold.store_id and outlets.calendar_year = sold.calendar_year
    group by outlets.calendar_year, coalesce(stores.region, 'UNKNOWN')
),

indexed as (
    select
        *,
        cast(net_sales as double) / outlets as sales_per_outlet,
        outlets / (
            cast(sum(outlets) over (partition by calendar_year) as double)
            / count(*) over (partition by calendar_year)
        ) as width_index,
        cast(net_sales as double) / outlets
        / nullif(
            cast(sum(net_sales) over (partition by calendar_year) as double)
            / sum(outlets) over (partition by calendar_year),
            0
        ) as depth_index
    from areas
)

select
    indexed.calendar_year as year,
    indexed.region,
    cast(indexed.outlets as integer) as outlets,
    cast(indexed.net_sales as decimal(18, 2)) as net_sales,
    cast(indexed.sales_per_outlet as decimal(18, 2)) as sales_per_outlet,
    indexed.width_index,
    indexed.depth_index,
    case
        when indexed.depth_index is null then 'no data: nothing sold'
        when indexed.width_index >= 1 and indexed.depth_index >= 1 then 'wide and deep'
        when indexed.width_index >= 1 then 'wide, not deep'
        when indexed.depth_index >= 1 then 'deep, not wide'
        else 'neither'
    end as balance,
    context.chain_currency as currency,
    context.as_of
from indexed
cross join {{ ref('int_build__context_stated') }} as context
