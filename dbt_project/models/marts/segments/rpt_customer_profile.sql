with described as (
    select
        customers.customer_id,
        'all' as all_customers,
        coalesce(customers.tier, 'UNRATED') as tier,
        coalesce(customers.stage4, 'UNKNOWN') as stage4,
        customers.stage5,
        coalesce(homes.region, 'UNKNOWN') as region,
        coalesce(ages.age_band, 'UNKNOWN') as age,
        customers.net_spend,
        customers.receipts,
        customers.coverage_pct,
        customers.currency,
        customers.as_of
    from {{ ref('mart_customer_360') }} as customers
    left join {{ ref('int_segments__home_stores_found') }} as homes
        on customers.customer_id = homes.customer_id
    left join {{ ref('int_segments__ages_banded') }} as ages
        on customers.customer_id = ages.customer_id
),

grouped as (
    {% for dimension in ['all_customers', 'tier', 'stage4', 'stage5', 'region', 'age'] %}
    select
        '{{ dimension }}' as dimension,
        {{ dimension }} as group_name,
        net_spend,
        receipts,
        coverage_pct,
        currency,
        as_of
    from described
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    dimension,
    group_name,
    cast(count(*) as integer) as customers,
    cast(count(*) as double) / sum(count(*)) over (partition by dimension) as customer_share,
    cast(count(net_spend) as integer) as customers_with_spend,
    cast(cast(sum(net_spend) as double) / nullif(count(net_spend), 0) as decimal(18, 2))
        as net_spend_mean,
    cast(
        percentile_cont(0.5) within group (order by cast(net_spend as double) asc)
        as decimal(18, 2)
    ) as net_spend_median,
    cast(stddev_samp(cast(net_spend as double)) as decimal(18, 2)) as net_spend_sd,
    cast(sum(receipts) as double) / nullif(count(receipts), 0) as receipts_mean,
    max(coverage_pct) as coverage_pct,
    currency,
    as_of
from grouped
group by dimension, group_name, currency, as_of
