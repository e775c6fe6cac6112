{{ config(meta={'requirements': ['TIER-06']}) }}

-- Customers entering a tier less those leaving it are the change of its size, in every year.
with changes as (
    select
        year,
        to_tier as tier,
        customers
    from {{ ref('mart_tier_movement') }}
    where from_tier <> to_tier
    union all
    select
        year,
        from_tier as tier,
        -customers as customers
    from {{ ref('mart_tier_movement') }}
    where from_tier <> to_tier
),

balances as (
    select
        year,
        tier,
        sum(customers) as balance
    from changes
    group by year, tier
)

select
    movement.year,
    movement.tier,
    movement.delta_customers,
    balances.balance
from {{ ref('rpt_abc_movement') }} as movement
left join balances on movement.year = balances.year and movement.tier = balances.tier
where movement.delta_customers <> coalesce(balances.balance, 0)
