-- Of a fifth that is no whole number the next one up is taken.
with spenders as (
    select
        year,
        customer_id,
        coalesce(tier, 'UNRATED') as tier,
        net_spend,
        row_number() over (
            partition by year
            order by net_spend desc, customer_id asc
        ) as place,
        count(*) over (partition by year) as customers_of_year
    from {{ ref('mart_customer_tier') }}
    where coalesce(tier, 'UNRATED') <> 'NONE' and net_spend is not null
),

grouped as (
    select
        year,
        'tier' as group_kind,
        tier as group_name,
        customer_id,
        net_spend
    from spenders
    union all
    select
        spenders.year,
        'top' as group_kind,
        case
            when
                spenders.place <= ceil(spenders.customers_of_year * rules.concentration_top_share)
                then 'top'
            else 'rest'
        end as group_name,
        spenders.customer_id,
        spenders.net_spend
    from spenders
    cross join {{ ref('int_grading__rules_stated') }} as rules
),

summed as (
    select
        year,
        group_kind,
        group_name,
        count(*) as customers,
        sum(net_spend) as spend
    from grouped
    group by year, group_kind, group_name
)

select
    summed.year,
    summed.group_kind,
    summed.group_name,
    cast(summed.customers as integer) as customers,
    cast(summed.customers as double)
    / sum(summed.customers) over (partition by summed.year, summed.group_kind) as customer_share,
    cast(summed.spend as decimal(18, 2)) as spend,
    cast(summed.spend as double)
    / nullif(
        cast(sum(summed.spend) over (partition by summed.year, summed.group_kind) as double), 0
    ) as spend_share,
    coverage.coverage_pct,
    context.chain_currency as currency,
    context.as_of
from summed
cross join {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_sales__coverage_measured') }} as coverage
    on summed.year = coverage.calendar_year
