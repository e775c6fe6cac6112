-- Who buys a series again without liking it leaves when a wider range opens nearby.
with assortments as (
    select
        sales.store_id,
        cast(extract(year from sales.month_start) as integer) as calendar_year,
        products.series as product_series,
        count(distinct sales.product_code) as products
    from {{ ref('int_sales__product_months_summarised') }} as sales
    inner join {{ ref('int_products__series_mapped') }} as products
        on sales.product_code = products.product_code
    where not sales.is_refund
    group by sales.store_id, extract(year from sales.month_start), products.series
),

customers as (
    select
        placed.product_series,
        placed.calendar_year,
        homes.store_id,
        count(*) as buyers,
        count(case when placed.attitude_level in ('high', 'low') then 1 end) as judged_customers,
        count(case when placed.quadrant = 'spurious' then 1 end) as spurious_customers,
        sum(placed.net_spend) as net_spend,
        sum(case when placed.quadrant = 'spurious' then placed.net_spend else 0 end)
            as spurious_net_spend
    from {{ ref('int_loyalty__customers_placed') }} as placed
    inner join {{ ref('int_loyalty__home_stores_found') }} as homes
        on
            placed.customer_id = homes.customer_id
            and placed.calendar_year = homes.calendar_year
    group by placed.product_series, placed.calendar_year, homes.store_id
)

select
    customers.product_series as series,
    customers.calendar_year as year,
    customers.store_id,
    series.quadrant as series_quadrant,
    cast(assortments.products as integer) as assortment_products,
    cast(customers.buyers as integer) as buyers,
    cast(customers.judged_customers as integer) as judged_customers,
    cast(customers.spurious_customers as integer) as spurious_customers,
    cast(customers.spurious_customers as double) / nullif(customers.judged_customers, 0)
        as spurious_share,
    cast(customers.net_spend as decimal(18, 2)) as net_spend,
    cast(customers.spurious_net_spend as decimal(18, 2)) as net_spend_at_risk,
    coverage.coverage_pct,
    context.chain_currency as currency,
    context.as_of
from customers
cross join {{ ref('int_build__context_stated') }} as context
inner join {{ ref('int_loyalty__series_placed') }} as series
    on
        customers.product_series = series.product_series
        and customers.calendar_year = series.calendar_year
left join assortments
    on
        customers.store_id = assortments.store_id
        and customers.calendar_year = assortments.calendar_year
        and customers.product_series = assortments.product_series
left join {{ ref('int_sales__coverage_measured') }} as coverage
    on customers.calendar_year = coverage.calendar_year
