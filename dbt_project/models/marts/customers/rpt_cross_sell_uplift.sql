-- Buyers of the last 365 days by the number of series, and of stores, that they bought in them.
with bought as (
    select
        listed.customer_id,
        count(distinct listed.series) as series,
        count(distinct listed.store_id) as stores
    from {{ ref('int_baskets__series_listed') }} as listed
    inner join {{ ref('int_build__context_stated') }} as context
        on listed.business_date > {{ add_days('context.as_of', -365) }}
    where listed.customer_id is not null
    group by listed.customer_id
),

spent as (
    select
        bought.series,
        bought.stores,
        spending.net_spend_365d
    from bought
    inner join {{ ref('int_customers__last_year_summarised') }} as spending
        on bought.customer_id = spending.customer_id
    where spending.net_spend_365d is not null
),

counted as (
    select
        'series' as bought_of,
        series as bought_count,
        count(*) as customers,
        cast(sum(net_spend_365d) as double) / count(*) as mean_spend
    from spent
    group by series
    union all
    select
        'stores' as bought_of,
        stores as bought_count,
        count(*) as customers,
        cast(sum(net_spend_365d) as double) / count(*) as mean_spend
    from spent
    group by stores
)

select
    counted.bought_of,
    cast(counted.bought_count as integer) as bought_count,
    cast(counted.customers as integer) as customers,
    cast(counted.mean_spend as decimal(18, 2)) as mean_spend,
    counted.mean_spend / nullif(ones.mean_spend, 0) as times_of_one,
    coverage.coverage_pct,
    context.chain_currency as currency,
    context.as_of
from counted
cross join {{ ref('int_build__context_stated') }} as context
cross join {{ ref('int_sales__coverage_totalled') }} as coverage
left join counted as ones on counted.bought_of = ones.bought_of and ones.bought_count = 1
