with tiers as (
    select
        customer_id,
        year,
        coalesce(tier, 'UNRATED') as tier
    from {{ ref('mart_customer_tier') }}
),

costs as (
    select
        costs.calendar_year,
        case
            when costs.is_unshared then 'UNSHARED'
            when costs.customer_id is null then 'ANONYMOUS'
            else coalesce(tiers.tier, 'UNRATED')
        end as tier,
        sum(case when costs.cost_kind = 'service' then costs.amount end) as service_cost,
        sum(case when costs.cost_kind = 'contact' then costs.amount end) as contact_cost
    from {{ ref('int_customers__service_costs_shared') }} as costs
    left join tiers
        on costs.customer_id = tiers.customer_id and costs.calendar_year = tiers.year
    group by
        costs.calendar_year,
        case
            when costs.is_unshared then 'UNSHARED'
            when costs.customer_id is null then 'ANONYMOUS'
            else coalesce(tiers.tier, 'UNRATED')
        end
),

margins as (
    select
        earned.calendar_year,
        case
            when earned.customer_id is null then 'ANONYMOUS' else coalesce(tiers.tier, 'UNRATED')
        end as tier,
        sum(earned.revenue) as revenue,
        case
            when count(*) = count(earned.cost_of_goods)
                then sum(earned.revenue - earned.cost_of_goods)
        end as margin
    from {{ ref('int_customers__values_measured') }} as earned
    left join tiers
        on earned.customer_id = tiers.customer_id and earned.calendar_year = tiers.year
    group by
        earned.calendar_year,
        case
            when earned.customer_id is null then 'ANONYMOUS' else coalesce(tiers.tier, 'UNRATED')
        end
),

joined as (
    select
        coalesce(margins.calendar_year, costs.calendar_year) as calendar_year,
        coalesce(margins.tier, costs.tier) as tier,
        coalesce(margins.revenue, 0) as revenue,
        case when margins.tier is null then 0 else margins.margin end as margin,
        costs.service_cost,
        costs.contact_cost,
        case
            when costs.service_cost is not null or costs.contact_cost is not null
                then coalesce(costs.service_cost, 0) + coalesce(costs.contact_cost, 0)
        end as cost_to_serve
    from margins
    full outer join costs
        on margins.calendar_year = costs.calendar_year and margins.tier = costs.tier
),

shares as (
    select
        *,
        cast(cost_to_serve as double)
        / nullif(
            cast(sum(cost_to_serve) over (partition by calendar_year) as double), 0
        ) as cost_share,
        cast(margin as double)
        / nullif(cast(sum(margin) over (partition by calendar_year) as double), 0)
            as margin_share
    from joined
)

select
    shares.calendar_year as year,
    shares.tier,
    cast(shares.revenue as decimal(18, 2)) as revenue,
    cast(shares.margin as decimal(18, 2)) as margin,
    cast(shares.service_cost as decimal(18, 4)) as service_cost,
    cast(shares.contact_cost as decimal(18, 4)) as contact_cost,
    cast(shares.cost_to_serve as decimal(18, 4)) as cost_to_serve,
    cast(shares.cost_to_serve as double) / nullif(cast(shares.revenue as double), 0)
        as cost_per_revenue,
    shares.cost_share,
    shares.margin_share,
    shares.cost_share > shares.margin_share as costs_more_than_it_earns,
    case
        when shares.cost_to_serve is null then 'no data: no service cost or contact is delivered'
        when shares.margin is null then 'no data: a cost of goods is missing'
        else 'known'
    end as status,
    coverage.coverage_pct,
    context.chain_currency as currency,
    context.as_of
from shares
cross join {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_sales__coverage_measured') }} as coverage
    on shares.calendar_year = coverage.calendar_year
