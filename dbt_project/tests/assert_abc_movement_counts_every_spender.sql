{{ config(meta={'requirements': ['TIER-05']}) }}

with counted as (
    select
        year,
        sum(customers) as customers
    from {{ ref('rpt_abc_movement') }}
    group by year
),

spenders as (
    select
        year,
        count(*) as customers
    from {{ ref('mart_customer_tier') }}
    where tier <> 'NONE'
    group by year
)

select
    spenders.year,
    spenders.customers,
    counted.customers as counted_customers
from spenders
left join counted on spenders.year = counted.year
where counted.customers is null or counted.customers <> spenders.customers
