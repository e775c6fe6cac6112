select
    forces.calendar_year,
    forces.market_force,
    forces.items,
    cast(forces.spend as decimal(18, 2)) as amount,
    cast(forces.spend as double)
    / nullif(cast(sum(forces.spend) over (partition by forces.calendar_year) as double), 0)
        as amount_share,
    forces.contacted,
    forces.responders,
    cast(forces.responders as double) / nullif(forces.contacted, 0) as response_rate,
    case when delivered.is_delivered then 'stated' else 'no data' end as status,
    context.chain_currency as currency,
    context.as_of
from {{ ref('int_loads__feeds_delivered') }} as delivered
cross join {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_market__forces_summed') }} as forces on delivered.is_delivered
where
    delivered.feed = 'ref_spend'
    and (forces.market_force is not null or not delivered.is_delivered)
