select
    spend.campaign_id,
    cast(sum(spend.amount) as decimal(18, 2)) as cost
from {{ ref('stg_reference__spend') }} as spend
inner join {{ ref('int_build__context_stated') }} as context
    on spend.currency = context.chain_currency and spend.period <= context.as_of
where spend.scenario = 'actual' and spend.campaign_id is not null
group by spend.campaign_id
