-- A table: the 360 and the grades read it. Ranked among those who ever bought.
{{ config(materialized='table') }}

with sums as (
    select
        customer_id,
        cast(sum(revenue) as decimal(18, 2)) as revenue,
        case
            when count(*) = count(cost_of_goods)
                then cast(sum(cost_of_goods) as decimal(18, 2))
        end as cost_of_goods
    from {{ ref('int_customers__values_measured') }}
    where customer_id is not null
    group by customer_id
),

costs as (
    select
        customer_id,
        cast(sum(case when cost_kind = 'service' then amount end) as decimal(18, 2))
            as service_cost,
        cast(sum(case when cost_kind = 'contact' then amount end) as decimal(18, 2))
            as contact_cost
    from {{ ref('int_customers__service_costs_shared') }}
    where customer_id is not null
    group by customer_id
),

known as (
    select count(case when cost_kind = 'service' then 1 end) > 0 as has_service_costs
    from {{ ref('int_customers__service_costs_shared') }}
),

valued as (
    select
        sums.customer_id,
        sums.revenue,
        sums.cost_of_goods,
        cast(sums.revenue - sums.cost_of_goods as decimal(18, 2)) as margin,
        costs.service_cost,
        costs.contact_cost,
        case
            when sums.cost_of_goods is null then 'revenue_basis'
            when known.has_service_costs then 'margin less cost to serve'
            else 'margin'
        end as value_basis
    from sums
    cross join known
    left join costs on sums.customer_id = costs.customer_id
),

summed as (
    select
        *,
        cast(
            case
                when value_basis = 'revenue_basis' then revenue
                else margin - coalesce(service_cost, 0) - coalesce(contact_cost, 0)
            end as decimal(18, 2)
        ) as customer_value
    from valued
)

select
    customer_id,
    revenue,
    cost_of_goods,
    margin,
    service_cost,
    contact_cost,
    customer_value,
    value_basis,
    cast(
        row_number() over (order by customer_value desc nulls last, customer_id asc) as integer
    ) as value_rank,
    100
    * percent_rank() over (order by customer_value asc nulls first) as value_percentile
from summed
