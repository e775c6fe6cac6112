select
    spend.partner_id,
    cast(sum(spend.amount) as decimal(18, 2)) as acquisition_cost
from {{ ref('stg_reference__spend') }} as spend
inner join {{ ref('int_build__context_stated') }} as context
    on spend.currency = context.chain_currency and spend.period <= context.as_of
where
    spend.partner_id is not null and spend.scenario = 'actual' and spend.purpose = 'acquisition'
group by spend.partner_id
