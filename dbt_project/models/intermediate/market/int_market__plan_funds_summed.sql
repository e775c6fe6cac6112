-- Money of plans in the chain's currency, in every version; spending counts once it is booked.
select
    spend.plan_id,
    spend.scenario,
    spend.version,
    coalesce(spend.stage, 'all') as stage,
    spend.resource,
    spend.purpose = 'reserve' as is_reserve,
    cast(sum(spend.amount) as decimal(18, 2)) as amount
from {{ ref('stg_reference__spend') }} as spend
inner join {{ ref('int_build__context_stated') }} as context
    on
        spend.currency = context.chain_currency
        and (spend.scenario <> 'actual' or spend.period <= context.as_of)
where spend.plan_id is not null
group by
    spend.plan_id, spend.scenario, spend.version, coalesce(spend.stage, 'all'), spend.resource,
    spend.purpose = 'reserve'
