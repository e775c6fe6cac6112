-- A hit stands in a higher tier in the year after; the first year has none before it.
select
    cast(potential.year + 1 as integer) as year,
    potential.tier as from_tier,
    coalesce(potential.b_potential, potential.c_potential) as potential,
    cast(count(*) as integer) as customers,
    cast(
        count(
            case when after.tier = 'A' or (potential.tier = 'C' and after.tier = 'B') then 1 end
        ) as integer
    ) as hits,
    cast(
        count(
            case when after.tier = 'A' or (potential.tier = 'C' and after.tier = 'B') then 1 end
        ) as double
    )
    / count(*) as hit_rate,
    max(potential.coverage_pct) as coverage_pct,
    potential.as_of
from {{ ref('mart_tier_potential') }} as potential
inner join {{ ref('mart_customer_tier') }} as after
    on potential.customer_id = after.customer_id and potential.year + 1 = after.year
group by
    potential.year, potential.tier, coalesce(potential.b_potential, potential.c_potential),
    potential.as_of
