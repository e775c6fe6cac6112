-- Amounts in other currencies are counted and not added up.
select
    spend.kpi,
    spend.period_kind,
    spend.period as period_start,
    cast(count(*) as integer) as rewards,
    cast(count(case when spend.currency <> context.chain_currency then 1 end) as integer)
        as rewards_other_currency,
    cast(
        sum(case when spend.currency = context.chain_currency then spend.amount end)
        as decimal(18, 2)
    ) as reward_amount
from {{ ref('stg_reference__spend') }} as spend
inner join {{ ref('int_build__context_stated') }} as context on spend.period <= context.as_of
where spend.purpose = 'incentive' and spend.scenario = 'actual'
group by spend.kpi, spend.period_kind, spend.period
