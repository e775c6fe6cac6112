select
    simulated.scenario,
    cast(
        case when simulated.status = 'simulated' then simulated.p5 end as decimal(18, 2)
    ) as revenue_p5,
    cast(
        case when simulated.status = 'simulated' then simulated.p50 end as decimal(18, 2)
    ) as revenue_p50,
    cast(
        case when simulated.status = 'simulated' then simulated.p95 end as decimal(18, 2)
    ) as revenue_p95,
    case when simulated.n_growths > 0 then cast(simulated.mean_growth as double) end as mean_growth,
    case when simulated.n_growths > 1 then cast(simulated.growth_sd as double) end as growth_sd,
    cast(simulated.n_growths as integer) as months_compared,
    case when simulated.n_risks >= 0 then cast(simulated.n_risks as integer) end as open_risks,
    cast(rules.outlook_draws as integer) as draws,
    cast(rules.outlook_seed as integer) as seed,
    simulated.status,
    context.chain_currency as currency,
    context.as_of
from {{ ref('int_alerts__revenues_simulated') }} as simulated
cross join {{ ref('int_alerts__rules_dated') }} as rules
cross join {{ ref('int_build__context_stated') }} as context
