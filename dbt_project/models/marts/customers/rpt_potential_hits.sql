-- A hit stands in a higher tier in the year after; the first year has none before it.
with judged as (
    select
        potential.customer_id,
        potential.year + 1 as year,
        potential.tier as from_tier,
        coalesce(potential.b_potential, potential.c_potential) as potential,
        case
            when after.tier = 'A' or (potential.tier = 'C' and after.tier = 'B') then 1 else 0
        end as is_hit,
        potential.as_of
    from {{ ref('mart_tier_potential') }} as potential
    inner join {{ ref('mart_customer_tier') }} as after
        on potential.customer_id = after.customer_id and potential.year + 1 = after.year
)

select
    cast(judged.year as integer) as year,
    judged.from_tier,
    judged.potential,
    cast(count(*) as integer) as customers,
    cast(sum(judged.is_hit) as integer) as hits,
    cast(sum(judged.is_hit) as double) / count(*) as hit_rate,
    max(coverage.coverage_pct) as coverage_pct,
    judged.as_of
from judged
left join {{ ref('int_sales__coverage_measured') }} as coverage
    on judged.year = coverage.calendar_year
group by judged.year, judged.from_tier, judged.potential, judged.as_of
